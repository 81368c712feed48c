import { FailureQueue } from './failure-queue.ts';
import type { ServiceFunction } from './service-function.ts';

/**
 * Names the log positions whose delivery was given up: bus events that could not be delivered, as they are, and
 * positions that never came as far as the bus. Nothing is lost with them; redriving reads the log.
 */
export class UndeliveredQueue extends FailureQueue {
  /** Report positions, and know where. */
  grantReport(fn: ServiceFunction): void {
    fn.allow(['sqs:SendMessage'], [this.queueArn]);
    fn.setEnvironment('undeliveredQueueUrl', this.queueUrl);
  }
}
