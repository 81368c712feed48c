import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { FailureQueue } from './failure-queue.ts';
import type { ServiceFunction } from './service-function.ts';

const BATCH_SIZE = 100;
/** One batch in the making may hold up a quarter of its shard; records of one partition key stay in order. */
const BATCHES_PER_SHARD = 4;
/**
 * Enough for `publish-events` to give up by itself first, after a minute, naming the log positions; a record at which a
 * function keeps crashing holds up its quarter until these are spent.
 */
const RETRIES = 30;

/** Part of a Lambda event filter, as JSON. */
export type StreamFilter = { readonly [name: string]: readonly unknown[] | StreamFilter };

export interface StreamConsumerProps {
  readonly table: TableV2;
  readonly fn: ServiceFunction;
  /** Which records it wants; others cost nothing. At most five. */
  readonly filters: readonly StreamFilter[];
  /** Records that are older tell nobody anything any more. */
  readonly maxRecordAge: Duration;
}

/** Reads a table's stream with one function. What keeps failing goes, alone, to a queue that says where it was. */
export class StreamConsumer extends Construct {
  readonly failures: FailureQueue;

  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    this.failures = new FailureQueue(this, 'Failures');
    props.fn.addEventSource(
      new DynamoEventSource(props.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: BATCH_SIZE,
        // No window: whoever waits for a batch to fill makes everyone wait.
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
