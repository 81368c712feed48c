import * as z from 'zod';

/** The protocol's closed list of error codes, and whether the same frame may succeed later. */
export const ERROR_CODES = {
  'invalid-json': { retryable: false },
  'unknown-action': { retryable: false },
  'validation-failed': { retryable: false },
  'too-large': { retryable: false },
  unauthorized: { retryable: false },
  'token-expired': { retryable: false },
  forbidden: { retryable: false },
  'not-joined': { retryable: false },
  'conversation-not-found': { retryable: false },
  'message-not-found': { retryable: false },
  'user-not-found': { retryable: false },
  conflict: { retryable: false },
  behind: { retryable: false },
  'rate-limited': { retryable: true },
  internal: { retryable: true },
} as const satisfies Record<string, { retryable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

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
