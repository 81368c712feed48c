import { FailureQueue } from './failure-queue.ts';
import type { ServiceFunction } from './service-function.ts';

/**
 * The log positions whose delivery was given up: bus events that could not be delivered, and positions that never
 * reached the bus. Nothing is lost: a redrive reads the entries from the log.
 */
export class UndeliveredQueue extends FailureQueue {
  /** Lets `fn` report positions, and tells it where. */
  grantReport(fn: ServiceFunction): void {
    fn.allow(['sqs:SendMessage'], [this.queueArn]);
    fn.setEnvironment('undeliveredQueueUrl', this.queueUrl);
  }
}
