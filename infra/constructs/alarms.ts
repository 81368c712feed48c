import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

const PERIOD = Duration.minutes(5);
/** A stream this far behind means pushes this late; clients ask for what is missing after 2.5 s. */
const LATE_MS = 30_000;

/** What is watched, each by the name that its alarm gets. */
export interface AlarmsProps {
  readonly functions: readonly LambdaFunction[];
  readonly streamConsumers: readonly LambdaFunction[];
  /** Where each consumer's failures end, by the consumer's name. */
  readonly failureQueues: Readonly<Record<string, IQueue>>;
  /** ARN of an SNS topic to tell; without one alarms are only seen. */
  readonly alarmTopicArn?: string;
}

/** Alarms for what needs a person: something was given up on, fails, is refused, or falls behind. */
export class Alarms extends Construct {
  readonly #action: SnsAction | undefined;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#action = props.alarmTopicArn
      ? new SnsAction(Topic.fromTopicArn(this, 'Topic', props.alarmTopicArn))
      : undefined;
    for (const [name, queue] of Object.entries(props.failureQueues)) {
      const depth = queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' });
      this.#alarm(`${name}GivenUp`, `Something lies in the queue of what ${name} gave up on`, depth, 0);
    }
    for (const fn of props.functions) {
      this.#alarm(`${fn.node.id}Errors`, `${fn.node.id} fails`, fn.metricErrors({ period: PERIOD }), 0);
    }
    for (const fn of props.streamConsumers) {
      const age = fn.metric('IteratorAge', { period: PERIOD, statistic: 'Maximum' });
      this.#alarm(`${fn.node.id}Late`, `${fn.node.id} is behind its stream`, age, LATE_MS);
    }
    // Concurrency is the account's: who takes it and who is refused are seldom the same function.
    const throttles = LambdaFunction.metricAll('Throttles', { period: PERIOD, statistic: 'Sum' });
    this.#alarm('Throttles', 'Functions of this account are refused for want of concurrency', throttles, 0);
  }

  #alarm(id: string, alarmDescription: string, metric: IMetric, threshold: number): void {
    const alarm = new Alarm(this, id, {
      alarmDescription,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (this.#action) alarm.addAlarmAction(this.#action);
  }
}
