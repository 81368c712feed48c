import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ALARM_METRICS, METRICS_NAMESPACE, STACK_DIMENSION } from '../../shared/platform/alarm-metrics.ts';

const PERIOD = Duration.minutes(5);
/** A stream this far behind means frames this late; clients ask for what is missing after 2.5 s. */
const LATE_MS = 30_000;

/** What the functions report that does not become right by itself, in words for whoever is woken. */
const REPORTED: Readonly<Record<keyof typeof ALARM_METRICS, string>> = {
  'management-refused':
    'API Gateway refuses posts to connections, and will refuse them again. The log of the function says which status.',
  'delivery-dropped': 'Frames were not delivered to connections in spite of all retries.',
  'unreadable-record': 'A record of a stream could not be read and was passed over. The log says why.',
};

/** What is watched. Each alarm takes the name of what it watches. */
export interface AlarmsProps {
  readonly functions: readonly LambdaFunction[];
  readonly streamConsumers: readonly LambdaFunction[];
  /** Where each consumer's failures end, by the consumer's name. */
  readonly failureQueues: Readonly<Record<string, IQueue>>;
  /** Hears of every alarm that goes off; without one, alarms only show in the console. */
  readonly topic?: ITopic;
}

/**
 * An alarm for each thing that needs a person: what was given up on or refused, an error, a throttle, a stream that is
 * late.
 */
export class Alarms extends Construct {
  readonly #action: SnsAction | undefined;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#action = props.topic && new SnsAction(props.topic);
    for (const [name, queue] of Object.entries(props.failureQueues)) this.watchFailures(name, queue);
    for (const fn of props.functions) {
      this.#alarm(
        `${fn.node.id}Errors`,
        `${fn.node.id} has failed. Its log says why.`,
        fn.metricErrors({ period: PERIOD }),
        0,
      );
    }
    for (const fn of props.streamConsumers) {
      const age = fn.metric('IteratorAge', { period: PERIOD, statistic: 'Maximum' });
      this.#alarm(
        `${fn.node.id}Late`,
        `${fn.node.id} is more than 30 seconds behind the stream that it reads.`,
        age,
        LATE_MS,
      );
    }
    for (const [stage, description] of Object.entries(REPORTED)) {
      const metricName = ALARM_METRICS[stage as keyof typeof ALARM_METRICS];
      const metric = new Metric({
        namespace: METRICS_NAMESPACE,
        metricName,
        dimensionsMap: { [STACK_DIMENSION]: Stack.of(this).stackName },
        period: PERIOD,
        statistic: 'Sum',
      });
      this.#alarm(metricName, description, metric, 0);
    }
    // All functions of an account share its concurrency: the one that takes it is seldom the one that is refused.
    const throttles = LambdaFunction.metricAll('Throttles', { period: PERIOD, statistic: 'Sum' });
    this.#alarm('Throttles', 'AWS refused to run a function: the account has used up its concurrency.', throttles, 0);
  }

  /** Goes off while anything lies in `queue`, where what `name` gave up on ends. */
  watchFailures(name: string, queue: IQueue): void {
    const depth = queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' });
    this.#alarm(
      `${name}GivenUp`,
      `${name} gave up on something. It waits in a queue for a person to look at.`,
      depth,
      0,
    );
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
