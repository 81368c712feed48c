import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { FailureQueue } from './failure-queue.ts';
import type { ServiceFunction } from './service-function.ts';

const BATCH_SIZE = 10;
/** Looking again does no harm and mostly succeeds the second time, so give up only after several times. */
const RECEIVES_BEFORE_GIVING_UP = 5;
/** AWS recommends six times the consumer's timeout, so that a throttled batch does not come back too early. */
const VISIBILITY_PER_TIMEOUT = 6;

export interface PresenceQueueProps {
  /** Looks at a user's presence in a room again. */
  readonly consumer: ServiceFunction;
  readonly consumerTimeoutSeconds: number;
}

/** Delays a second look at presence by some seconds, so that a page's reload is not announced (PRES-1). */
export class PresenceQueue extends Construct {
  readonly failures: FailureQueue;
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: PresenceQueueProps) {
    super(scope, id);
    this.failures = new FailureQueue(this, 'Failures');
    this.queue = new Queue(this, 'Queue', {
      visibilityTimeout: Duration.seconds(VISIBILITY_PER_TIMEOUT * props.consumerTimeoutSeconds),
      // The next change sets presence right anyway; nobody needs a look that is an hour late.
      retentionPeriod: Duration.hours(1),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.failures, maxReceiveCount: RECEIVES_BEFORE_GIVING_UP },
    });
    props.consumer.addEventSource(
      new SqsEventSource(this.queue, { batchSize: BATCH_SIZE, reportBatchItemFailures: true }),
    );
    for (const mapping of props.consumer.node.findAll().filter((child) => child.node.id.startsWith('SqsEventSource'))) {
      acknowledge(
        mapping,
        'The queue’s redrive policy keeps what failed; destinations are for streams.',
        'Serverless-LambdaEventSourceMappingDestination',
      );
    }
  }

  /** Lets `fn` ask for another look, and tells it where. */
  grantSend(fn: ServiceFunction): void {
    fn.allow(['sqs:SendMessage'], [this.queue.queueArn]);
    fn.setEnvironment('presenceQueueUrl', this.queue.queueUrl);
  }
}
