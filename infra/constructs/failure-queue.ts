import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** A queue for what was given up on. SQS keeps it as long as it can, and an alarm watches it. */
export class FailureQueue extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    acknowledge(
      this,
      'Failures end here, for a person to look at. Nothing reads the queue, so nothing can fail again.',
      'AwsSolutions-SQS3',
      'Serverless-SQSRedrivePolicy',
    );
  }
}
