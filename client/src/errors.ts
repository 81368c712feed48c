import type { ErrorCode, ErrorData, ErrorDetail } from './protocol.ts';

/**
 * The protocol's codes, and the client's own: `timeout` (no reply; the outcome is unknown), `disconnected` (the socket
 * went before the reply; unknown too), `closed` (the client was closed).
 */
export type ChatErrorCode = ErrorCode | 'timeout' | 'disconnected' | 'closed';

const OWN_MESSAGES = {
  timeout: 'unable to tell the outcome; no reply came in time',
  disconnected: 'unable to tell the outcome; the connection was lost',
  closed: 'unable to go on; the client is closed',
} as const;

/**
 * Every error that the client throws or hands out. Its `message` reads "unable to <do>; <reason>".
 *
 * @example
 * ```ts
 * await conversation.edit(7, 'Hello').catch((error: ChatError) => {
 *   if (error.code === 'forbidden') console.log(error.message);
 * });
 * ```
 */
export class ChatError extends Error {
  /** What went wrong: to decide by. */
  readonly code: ChatErrorCode;
  /** The same call may succeed later. */
  readonly retryable: boolean;
  /** Not before so many milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Which fields were refused, and why. */
  readonly details: readonly ErrorDetail[] | undefined;

  /** For an outbox or a socket of your own; the client makes its errors itself. */
  constructor(data: Omit<ErrorData, 'code'> & { code: ChatErrorCode }) {
    super(data.message);
    this.name = 'ChatError';
    this.code = data.code;
    this.retryable = data.retryable;
    this.retryAfterMs = data.retryAfterMs;
    this.details = data.details;
  }
}

/**
 * One of the client's own errors. All of them may be tried again (RETRY-1).
 *
 * @internal
 */
export function ownError(code: keyof typeof OWN_MESSAGES): ChatError {
  return new ChatError({ code, message: OWN_MESSAGES[code], retryable: true });
}

/**
 * Whatever was thrown, as a `ChatError`; what is none already is `internal`.
 *
 * @internal
 */
export function asChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  return new ChatError({ code: 'internal', message: `unable to go on; ${String(error)}`, retryable: false });
}
