import assert from 'node:assert/strict';
import type * as z from 'zod';
import { type Action, actions, isAction, type ReplyingAction } from '../../shared/protocol/actions.ts';
import { entryData, entryFrame } from '../../shared/protocol/entries.ts';
import { ERROR_CODES, ERRORS_OF_EVERY_COMMAND, errorData } from '../../shared/protocol/errors.ts';
import { ephemeralData } from '../../shared/protocol/events.ts';
import type { ReplyFrame } from '../../shared/protocol/frames.ts';
import { FRAME_MAX_BYTES } from '../../shared/protocol/limits.ts';

const MESSAGE_ACTIONS: readonly unknown[] = ['send-message', 'edit-message', 'delete-message'];

/** Checks that a frame has no field but those in its schema: another would be a promise that nobody wrote down. */
function matches(schema: z.ZodType, value: unknown): void {
  assert.deepEqual(schema.parse(value), value);
}

/** Parses one text from the wire and checks it against ENV-1. */
function parseText(text: string): ReplyFrame {
  assert.ok(Buffer.byteLength(text) <= FRAME_MAX_BYTES, `a frame of ${Buffer.byteLength(text)} bytes (ENV-1)`);
  return JSON.parse(text) as ReplyFrame;
}

/** Checks a reply against ENV-3 and the schema of the action's reply or of an error. Gives the parsed frame. */
export function checkReply(action: unknown, text: string): ReplyFrame {
  const frame = parseText(text);
  const { event, requestId, data, ...others } = frame;
  assert.deepEqual(others, {});
  if (requestId !== undefined) assert.match(requestId, /^[A-Za-z0-9_.:-]{1,64}$/);
  if (event === 'error' || event === 'message-error') checkError(isAction(action) ? action : undefined, frame);
  else {
    const { event: expected, data: schema } = actions[action as ReplyingAction].reply;
    assert.equal(event, expected);
    matches(schema, data);
    if ('entries' in data) for (const entry of data.entries as unknown[]) matches(entryFrame, entry);
  }
  return frame;
}

function checkError(action: Action | undefined, { event, data }: ReplyFrame): void {
  const error = errorData.parse(data);
  assert.deepEqual(error, data);
  assert.equal(event, MESSAGE_ACTIONS.includes(action) ? 'message-error' : 'error');
  // ERR-1: the page lists what each action can be refused with; another code would be one that no client expects.
  const listed = action ? actions[action].errors : (['invalid-json', 'unknown-action'] as const);
  assert.ok([...ERRORS_OF_EVERY_COMMAND, ...listed].includes(error.code), `${action} answers ${error.code}`);
  assert.equal(error.retryable, ERROR_CODES[error.code].retryable);
  assert.match(error.message, /^unable to [^;]+; .+$/);
  assert.ok((error.details?.length ?? 0) <= 10);
  if (error.code === 'rate-limited') assert.ok(error.retryAfterMs !== undefined && error.retryAfterMs >= 0);
}

/** Checks a posted text (ENV-6). Gives its frames, unpacked if they came in a batch. */
export function checkPush(text: string): ReplyFrame[] {
  const frame = parseText(text);
  const frames = frame.event === 'batch' ? (frame.data as { frames: ReplyFrame[] }).frames : [frame];
  if (frame.event === 'batch') assert.ok(frames.length > 1, 'a batch of one');
  const seqs = new Map<string, number>();
  for (const one of frames) {
    checkPushFrame(one);
    const { conversationId = '', seq } = one.data as { conversationId?: string; seq?: number };
    if (seq === undefined) continue;
    assert.ok(seq > (seqs.get(conversationId) ?? 0), 'seqs of a batch ascend (ENV-6)');
    seqs.set(conversationId, seq);
  }
  return frames;
}

/** Checks a pushed frame. Only the error before a close has the request id of the frame that it answers (CONN-5). */
function checkPushFrame(frame: ReplyFrame): void {
  const { event, data, requestId, ...others } = frame;
  assert.deepEqual(others, {});
  if (event === 'error' || event === 'message-error') {
    assert.equal(errorData.parse(data).code, 'unauthorized');
    return;
  }
  assert.equal(requestId, undefined, 'a push has no request id (ENV-3)');
  if (Object.hasOwn(entryData, event)) matches(entryFrame, frame);
  else matches(ephemeralData[event as keyof typeof ephemeralData], data);
}
