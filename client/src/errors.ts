import type { ErrorCode, ErrorData, ErrorDetail } from './protocol.ts';

/**
 * The protocol's codes, and the client's own: `timeout` (no reply; the outcome is unknown), `disconnected` (the socket
 * went before the reply; unknown too), `closed` (the client was closed), `not-connected` (`connect` was not called yet),
 * `aborted` (by the caller's signal), `storage-unavailable` (messages are kept in memory alone), `token-failed` and
 * `listener-failed` (a function of the application threw; see `cause`).
 */
export type ChatErrorCode =
  | ErrorCode
  | 'timeout'
  | 'disconnected'
  | 'closed'
  | 'not-connected'
  | 'aborted'
  | 'token-failed'
  | 'storage-unavailable'
  | 'listener-failed';

type OwnCode = Exclude<ChatErrorCode, ErrorCode>;

const OWN_MESSAGES: Record<OwnCode, string> = {
  timeout: 'unable to tell the outcome; no reply came in time',
  disconnected: 'unable to tell the outcome; the connection was lost',
  closed: 'unable to go on; the client is closed',
  'not-connected': 'unable to ask the server; call connect() first',
  aborted: 'unable to wait any longer; it was aborted',
  'token-failed': 'unable to connect; token() failed',
  'storage-unavailable': 'unable to store messages on this device; they are kept in memory',
  'listener-failed': 'unable to tell a listener; it threw',
};

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

  /**
   * For an outbox or a socket of your own; the client makes its errors itself. `cause` is what was thrown before it.
   */
  constructor(data: Omit<ErrorData, 'code'> & { code: ChatErrorCode; cause?: unknown }) {
    super(data.message, 'cause' in data ? { cause: data.cause } : undefined);
    this.name = 'ChatError';
    this.code = data.code;
    this.retryable = data.retryable;
    this.retryAfterMs = data.retryAfterMs;
    this.details = data.details;
  }
}

/**
 * One of the client's own errors. All of them may be tried again (RETRY-1). `cause` is what an application's own
 * function threw.
 *
 * @internal
 */
export function ownError(code: OwnCode, cause?: unknown): ChatError {
  const because = cause === undefined ? {} : { cause };
  const message = cause === undefined ? OWN_MESSAGES[code] : `${OWN_MESSAGES[code]}: ${String(cause)}`;
  return new ChatError({ code, message, retryable: true, ...because });
}

/**
 * Whatever was thrown, as a `ChatError`; what is none already is `internal`, with what was thrown as its `cause`.
 *
 * @internal
 */
export function asChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  return new ChatError({
    code: 'internal',
    message: `unable to go on; ${String(error)}`,
    retryable: false,
    cause: error,
  });
}
