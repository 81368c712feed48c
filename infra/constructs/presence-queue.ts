import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { FailureQueue } from './failure-queue.ts';
import type { ServiceFunction } from './service-function.ts';

const BATCH_SIZE = 10;
/** Looking again is harmless and mostly succeeds the second time, so give up only after some. */
const RECEIVES_BEFORE_GIVING_UP = 5;
/** AWS asks for six times the consumer's timeout, so that its throttled batches do not come back meanwhile. */
const VISIBILITY_PER_TIMEOUT = 6;

export interface PresenceQueueProps {
  /** Looks at a user's presence in a room again. */
  readonly consumer: ServiceFunction;
  readonly consumerTimeoutSeconds: number;
}

/** Delays a second look at presence by some seconds, chosen per message, so that a reload says nothing (PRES-1). */
export class PresenceQueue extends Construct {
  readonly failures: FailureQueue;
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: PresenceQueueProps) {
    super(scope, id);
    this.failures = new FailureQueue(this, 'Failures');
    this.queue = new Queue(this, 'Queue', {
      visibilityTimeout: Duration.seconds(VISIBILITY_PER_TIMEOUT * props.consumerTimeoutSeconds),
      // Presence converges with the next change anyway; an hour-old look would tell nobody anything.
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
        "The queue's own redrive policy keeps what failed; a destination is for streams.",
        'Serverless-LambdaEventSourceMappingDestination',
      );
    }
  }

  /** Ask for another look, and know where to ask. */
  grantSend(fn: ServiceFunction): void {
    fn.allow(['sqs:SendMessage'], [this.queue.queueArn]);
    fn.setEnvironment('presenceQueueUrl', this.queue.queueUrl);
  }
}
