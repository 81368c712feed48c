import { type Action, actions, type ReplyData, type ReplyingAction } from './actions.ts';
import type { EntryFrame } from './entries.ts';
import { ERROR_CODES, type ErrorData, type Refusal } from './errors.ts';
import type { EphemeralFrame, ErrorEvent } from './events.ts';
import { ERROR_DETAILS_MAX, FRAME_MAX_BYTES } from './limits.ts';

/** A push: never with `requestId` (ENV-3). */
export type PushFrame = EntryFrame | EphemeralFrame;

/** A reply or an error: with the command's `requestId`, if that had a valid one. */
export interface ReplyFrame {
  readonly event: string;
  readonly requestId?: string;
  readonly data: object;
}

/** The reply to a command that succeeded. */
export function reply<A extends ReplyingAction>(
  action: A,
  requestId: string | undefined,
  data: ReplyData<A>,
): ReplyFrame {
  return { event: actions[action].reply.event, ...(requestId !== undefined && { requestId }), data };
}

/** The error event of a command; `action` is undefined if the frame named none that exists. */
export function errorReply(action: Action | undefined, requestId: string | undefined, refusal: Refusal): ReplyFrame {
  const event: ErrorEvent = action ? actions[action].errorEvent : 'error';
  const { retryAfterMs, details } = refusal.fields;
  const data: ErrorData = {
    code: refusal.code,
    message: `unable to ${action ? actions[action].does : 'handle the frame'}; ${refusal.message}`,
    retryable: ERROR_CODES[refusal.code].retryable,
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
    ...(details !== undefined && { details: details.slice(0, ERROR_DETAILS_MAX) }),
  };
  return { event, ...(requestId !== undefined && { requestId }), data };
}

const encoder = new TextEncoder();

/** Size of a value as JSON in UTF-8, in bytes. */
export function jsonBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).byteLength;
}

const BATCH_OVERHEAD_BYTES = jsonBytes({ event: 'batch', data: { frames: [] } });

/**
 * Packs pushes, in their order, into as few texts as ENV-1 allows: a frame alone goes as it is, several as one `batch`
 * (ENV-6). Each text is ready to be posted.
 */
export function packFrames(frames: readonly PushFrame[]): string[] {
  const packs: string[] = [];
  let pending: string[] = [];
  let bytes = BATCH_OVERHEAD_BYTES;
  const flush = () => {
    if (pending.length === 1) packs.push(pending[0] as string);
    else if (pending.length > 1) packs.push(`{"event":"batch","data":{"frames":[${pending.join(',')}]}}`);
    pending = [];
    bytes = BATCH_OVERHEAD_BYTES;
  };
  for (const frame of frames) {
    const text = JSON.stringify(frame);
    const size = encoder.encode(text).byteLength + 1;
    if (bytes + size > FRAME_MAX_BYTES) flush();
    pending.push(text);
    bytes += size;
  }
  flush();
  return packs;
}

/**
 * The longest run of `items` whose JSON, comma-separated, stays within `budgetBytes`; at least one item if there is any
 * (PAGE-1). Taken from the front, or from the back with `from: 'end'`; the order is kept.
 */
export function fitItems<T>(items: readonly T[], budgetBytes: number, from: 'start' | 'end' = 'start'): T[] {
  const ordered = from === 'start' ? items : items.toReversed();
  let bytes = 0;
  let count = 0;
  for (const item of ordered) {
    bytes += jsonBytes(item) + 1;
    if (count > 0 && bytes > budgetBytes) break;
    count += 1;
  }
  return from === 'start' ? items.slice(0, count) : items.slice(items.length - count);
}
