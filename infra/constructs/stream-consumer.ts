import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { FailureQueue } from './failure-queue.ts';
import type { ServiceFunction } from './service-function.ts';
import type { StreamFilter } from './stream-filters.ts';

/** So a batch that fails holds up a quarter of its shard at most. Records of one partition key stay in order. */
const BATCHES_PER_SHARD = 4;
/** Without end: a function that fails at once would use up any number within seconds. The record's age ends them. */
const RETRIES = -1;

export interface StreamConsumerProps {
  readonly table: TableV2;
  readonly fn: ServiceFunction;
  /** Which records it wants, at most five filters. Other records cost nothing. */
  readonly filters: readonly StreamFilter[];
  /** The most records in one call. */
  readonly batchSize: number;
  /** Older records are not worth reading. It is all that ends the retries of one that keeps failing. */
  readonly maxRecordAge: Duration;
}

/** Reads a table's stream with one function. The position of a record that keeps failing goes to a queue of its own. */
export class StreamConsumer extends Construct {
  readonly failures: FailureQueue;

  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    this.failures = new FailureQueue(this, 'Failures');
    props.fn.addEventSource(
      new DynamoEventSource(props.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: props.batchSize,
        // No window: everyone would wait until a batch is full.
        maxBatchingWindow: Duration.seconds(0),
        parallelizationFactor: BATCHES_PER_SHARD,
        retryAttempts: RETRIES,
        maxRecordAge: props.maxRecordAge,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        onFailure: new SqsDlq(this.failures),
        filters: props.filters.map((filter) => ({ pattern: JSON.stringify(filter) })),
      }),
    );
  }
}
