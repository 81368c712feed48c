import assert from 'node:assert/strict';
import type { BatchAnswer } from '../../functions/middleware/stream-event.ts';
import type { StreamFilter } from '../../infra/constructs/stream-filters.ts';
import { type Commit, passes, type StreamRecord, toRecord } from './stream-records.ts';

/** Hands a table's stream to a function, as Lambda does: filtered, in batches, and again from the first failure on. */
export class StreamReader {
  readonly #filters: readonly StreamFilter[];
  readonly #handle: (event: { readonly Records: readonly StreamRecord[] }) => Promise<BatchAnswer>;
  #waiting: StreamRecord[] = [];

  constructor(
    filters: readonly StreamFilter[],
    handle: (event: { Records: readonly StreamRecord[] }) => Promise<BatchAnswer>,
  ) {
    this.#filters = filters;
    this.#handle = handle;
  }

  /** Whether records wait because one of them failed. */
  get isBehind(): boolean {
    return this.#waiting.length > 0;
  }

  /** Hands over what waits and these. Stops at a record that fails: it and what is behind it come with the next call. */
  async read(commits: readonly Commit[], batchSize: number): Promise<void> {
    this.#waiting.push(...commits.map(toRecord).filter((record) => passes(this.#filters, record)));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, batchSize);
      const { batchItemFailures } = await this.#handle({ Records: batch });
      const ids = batch.map(({ dynamodb }) => dynamodb.SequenceNumber);
      const failed = batchItemFailures.map(({ itemIdentifier }) => ids.indexOf(itemIdentifier));
      // Lambda would take an id that it does not know as the failure of the whole batch.
      assert.ok(!failed.includes(-1), 'a failure that is none of the batch');
      this.#waiting.splice(0, Math.min(batch.length, ...failed));
      if (failed.length > 0) return;
    }
  }
}
