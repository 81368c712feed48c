import type { BatchAnswer } from '../../functions/middleware/stream-event.ts';
import type { StoredChange } from './memory-stores.ts';
import { NOW_MS } from './stored.ts';
import { type StreamRecord, toRecord } from './stream-records.ts';

/** Records of changes that no chat made, committed at `NOW_MS`. They are named by their place: '1', '2' and so on. */
export function recordsOf(...changes: readonly StoredChange[]): StreamRecord[] {
  return changes.map((change, index) => toRecord({ change, sequenceNumber: String(index + 1), at: NOW_MS }));
}

/** The answer to a batch of which these records or messages must come again. */
export function comesAgain(...ids: readonly string[]): BatchAnswer {
  return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
}
