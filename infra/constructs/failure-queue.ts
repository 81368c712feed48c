import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** A queue for what was given up on: kept as long as SQS keeps anything, and watched by an alarm. */
export class FailureQueue extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    acknowledge(
      this,
      'This is where failures end, for a person to look at; nothing reads it that could fail again.',
      'AwsSolutions-SQS3',
      'Serverless-SQSRedrivePolicy',
    );
  }
}
