import * as z from 'zod';

interface ErrorRecord {
  /** Whether the same frame may succeed later. */
  readonly retryable: boolean;
  /** What happened, for the table of docs/protocol.md. */
  readonly when: string;
  /** What a client does about it: it `fails` the command, or mends something and sends it again. */
  readonly client: string;
}

/** The protocol's closed list of error codes. */
export const ERROR_CODES = {
  'invalid-json': {
    retryable: false,
    when: 'The frame is not a JSON object',
    client: 'fails',
  },
  'unknown-action': {
    retryable: false,
    when: 'There is no such action on this route (SEC-1)',
    client: 'fails',
  },
  'validation-failed': {
    retryable: false,
    when: 'A field breaks its schema or a rule; see `details`',
    client: 'fails',
  },
  'too-large': {
    retryable: false,
    when: 'The frame, the entry or a text is too long (ENV-1, TEXT-1)',
    client: 'fails',
  },
  unauthorized: {
    retryable: false,
    when: 'The token of `refresh-token` is bad, or the connection has ended (CONN-5; then `closing`)',
    client: 'gets a new token, reconnects',
  },
  'token-expired': {
    retryable: false,
    when: 'The token has reached its `exp` (CONN-3)',
    client: 'refreshes, sends again',
  },
  forbidden: {
    retryable: false,
    when: 'The role does not allow it, or the user is muted (`details` names until when) or banned',
    client: 'fails',
  },
  'not-joined': {
    retryable: false,
    when: 'The user is not a member of this channel',
    client: 'joins, sends again',
  },
  'conversation-not-found': {
    retryable: false,
    when: 'There is no such conversation for this user (AUTH-1)',
    client: 'fails',
  },
  'message-not-found': {
    retryable: false,
    when: 'There is no such message here',
    client: 'fails',
  },
  'user-not-found': {
    retryable: false,
    when: 'The user whom the command is about is not a member',
    client: 'fails',
  },
  conflict: {
    retryable: false,
    when: 'It exists already, or the state does not allow it',
    client: 'fails',
  },
  behind: {
    retryable: false,
    when: '`after` is too far below the head (SEND-4)',
    client: 'catches up, sends again',
  },
  'rate-limited': {
    retryable: true,
    when: 'A limit or slow mode holds, or too many write at once; `retryAfterMs` says how long to wait',
    client: 'waits, sends again',
  },
  internal: {
    retryable: true,
    when: 'Something failed on the server',
    client: 'waits, sends again',
  },
} as const satisfies Record<string, ErrorRecord>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** ERR-1: what any command may get. The action's own record names what else it can be refused with. */
export const ERRORS_OF_EVERY_COMMAND: readonly ErrorCode[] = [
  'validation-failed',
  'too-large',
  'unauthorized',
  'token-expired',
  'rate-limited',
  'internal',
];

const errorDetail = z.object({ path: z.string(), message: z.string() });
export type ErrorDetail = z.infer<typeof errorDetail>;

/** `data` of an `error` or `message-error` event. `message` reads "unable to <do>; <reason>". */
export const errorData = z.object({
  code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  retryable: z.boolean(),
  retryAfterMs: z.int().min(0).optional(),
  details: z.array(errorDetail).optional(),
});
export type ErrorData = z.infer<typeof errorData>;

/** What a refusal may say beside its code and reason. */
export interface RefusalFields {
  readonly retryAfterMs?: number;
  readonly details?: readonly ErrorDetail[];
}

/**
 * A refusal in the protocol's terms: thrown by the rules, turned into an error event at the edge. `reason` is the half
 * sentence after the semicolon and must hold nothing that the client has not said or may not know.
 */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly fields: RefusalFields;

  constructor(code: ErrorCode, reason: string, fields: RefusalFields = {}, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'Refusal';
    this.code = code;
    this.fields = fields;
  }
}
