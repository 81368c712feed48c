/**
 * For every AWS client of a function: a call that hangs is given up and tried again within the handler's own time.
 * Trying again is safe: a put that had been done meets itself, a transaction carries a token, and what a queue or the
 * bus takes twice is delivered twice, which every consumer bears.
 */
export const TIME_LIMITS = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true } as const;
