import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

const PERIOD = Duration.minutes(5);
/** A stream this far behind means pushes this late; clients wait 2.5 s for a gap to close before they ask. */
const LATE_MS = 30_000;

/** What is watched: each group of functions, stream consumer and failure queue by the name its alarms get. */
export interface WatchProps {
  readonly functions: Readonly<Record<string, readonly LambdaFunction[]>>;
  readonly streamConsumers: Readonly<Record<string, LambdaFunction>>;
  readonly failureQueues: Readonly<Record<string, IQueue>>;
  /** ARN of an SNS topic to tell; without one alarms are only seen. */
  readonly alarmTopicArn?: string;
}

/** Alarms for what needs a person: something was given up on, fails, is throttled, or falls behind. */
export class Watch extends Construct {
  private readonly action: SnsAction | undefined;

  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    this.action = props.alarmTopicArn
      ? new SnsAction(Topic.fromTopicArn(this, 'Topic', props.alarmTopicArn))
      : undefined;
    for (const [name, queue] of Object.entries(props.failureQueues)) {
      const depth = queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' });
      this.alarm(`${name}GivenUp`, `Something lies in the queue of what ${name} gave up on`, depth, 0);
    }
    for (const [name, functions] of Object.entries(props.functions)) {
      const errors = sum(functions, (fn) => fn.metricErrors({ period: PERIOD }));
      this.alarm(`${name}Errors`, `${name} functions fail`, errors, 0);
      const throttles = sum(functions, (fn) => fn.metricThrottles({ period: PERIOD }));
      this.alarm(`${name}Throttles`, `${name} functions are refused for want of concurrency`, throttles, 0);
    }
    for (const [name, fn] of Object.entries(props.streamConsumers)) {
      const age = fn.metric('IteratorAge', { period: PERIOD, statistic: 'Maximum' });
      this.alarm(`${name}Late`, `${name} is behind its stream`, age, LATE_MS);
    }
  }

  private alarm(id: string, alarmDescription: string, metric: IMetric, threshold: number): void {
    const alarm = new Alarm(this, id, {
      alarmDescription,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (this.action) alarm.addAlarmAction(this.action);
  }
}

/** Sums a metric over functions; an alarm takes at most ten. */
const sum = (functions: readonly LambdaFunction[], metricOf: (fn: LambdaFunction) => IMetric): MathExpression =>
  new MathExpression({
    expression: functions.map((_, index) => `m${index}`).join(' + '),
    usingMetrics: Object.fromEntries(functions.map((fn, index) => [`m${index}`, metricOf(fn)])),
    period: PERIOD,
  });
