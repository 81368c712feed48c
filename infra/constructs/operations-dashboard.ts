import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ChatTable } from './chat-table.ts';
import type { ConnectionsTable } from './connections-table.ts';
import type { SocketApi } from './socket-api.ts';

const SUM = { statistic: 'Sum', period: Duration.minutes(1) };
const P99 = { statistic: 'p99', period: Duration.minutes(1) };

export interface OperationsDashboardProps {
  readonly api: SocketApi;
  readonly functions: readonly LambdaFunction[];
  readonly streamConsumers: readonly LambdaFunction[];
  readonly tables: readonly (ChatTable | ConnectionsTable)[];
  readonly failureQueues: readonly IQueue[];
}

/** One dashboard, in the order in which a frame travels: sockets, functions, tables, streams, failures. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    const stage = (name: string): IMetric => props.api.stage.metric(name, SUM);
    const tables = props.tables.map(({ table }) => table);
    new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(3) }).addWidgets(
      graph('Sockets: connects, frames', [stage('ConnectCount'), stage('MessageCount')]),
      graph('Sockets: errors', [stage('ClientError'), stage('ExecutionError'), stage('IntegrationError')]),
      graph(
        'Functions: p99 ms',
        props.functions.map((fn) => fn.metricDuration(P99)),
      ),
      graph(
        'Functions: errors, throttles',
        props.functions.flatMap((fn) => [fn.metricErrors(SUM), fn.metricThrottles(SUM)]),
      ),
      graph(
        'Tables: units written, read',
        tables.flatMap((table) => [
          table.metricConsumedWriteCapacityUnits(SUM),
          table.metricConsumedReadCapacityUnits(SUM),
        ]),
      ),
      graph(
        'Streams: age of the last record read, ms',
        props.streamConsumers.map((fn) =>
          fn.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(1) }),
        ),
      ),
      graph(
        'Waiting in queues of failures',
        props.failureQueues.map((queue) => queue.metricApproximateNumberOfMessagesVisible(SUM)),
      ),
    );
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 12 });
}
