import { systemClock } from './clock.js';

/** ENV-4: no reply within this: the outcome is unknown, and the command may be sent again (RETRY-1). */
export const REPLY_TIMEOUT_MS = 10_000;

/** A command that got an error frame, or no answer at all (`timeout`, `not-open`). */
export class CommandError extends Error {
  /** @param {{ code: string, message: string, retryable?: boolean, retryAfterMs?: number, details?: any[] }} data */
  constructor(data) {
    super(data.message);
    this.code = data.code;
    this.retryable = data.retryable ?? false;
    this.retryAfterMs = data.retryAfterMs;
    this.details = data.details;
  }
}

/**
 * Commands and the replies to them, matched by requestId (ENV-2, ENV-3).
 * @param {{ send: (text: string) => 'sent' | 'not-open' | 'too-large', clock?: import('./clock.js').Clock, prefix?: string }} options
 */
export function createRequests({ send, clock = systemClock, prefix = 'r' }) {
  /** @type {Map<string, { resolve: (frame: any) => void, reject: (error: CommandError) => void, timer: any, fields: any }>} */
  const open = new Map();
  let count = 0;

  function take(requestId) {
    const request = open.get(requestId);
    if (!request) return undefined;
    open.delete(requestId);
    clock.clearTimeout(request.timer);
    return request;
  }

  return {
    /**
     * @param {string} action
     * @param {Record<string, any>} [fields]
     * @returns {Promise<any>} the reply frame
     * @throws {CommandError}
     */
    request(action, fields = {}) {
      count += 1;
      const requestId = `${prefix}${count}`;
      return new Promise((resolve, reject) => {
        const outcome = send(JSON.stringify({ action, requestId, ...fields }));
        if (outcome === 'too-large') {
          reject(new CommandError({ code: 'too-large', message: 'the frame would be over 32 KiB' }));
          return;
        }
        if (outcome === 'not-open') {
          reject(new CommandError({ code: 'not-open', message: 'not connected', retryable: true }));
          return;
        }
        const timer = clock.setTimeout(() => {
          open.delete(requestId);
          reject(new CommandError({ code: 'timeout', message: 'no reply within 10 s', retryable: true }));
        }, REPLY_TIMEOUT_MS);
        open.set(requestId, { resolve, reject, timer, fields });
      });
    },
    /** What was asked, for those who must know it to read the reply. */
    fieldsOf: (/** @type {string | undefined} */ requestId) => (requestId ? open.get(requestId)?.fields : undefined),
    /** @returns {boolean} whether somebody waited for this reply */
    settle(/** @type {any} */ frame) {
      const request = frame.requestId === undefined ? undefined : take(frame.requestId);
      if (!request) return false;
      if (frame.event === 'error' || frame.event === 'message-error') request.reject(new CommandError(frame.data));
      else request.resolve(frame);
      return true;
    },
    /** The socket is gone: no reply will come, and none of the outcomes is known. */
    abandon() {
      for (const requestId of [...open.keys()]) {
        take(requestId)?.reject(
          new CommandError({ code: 'not-open', message: 'the connection was lost', retryable: true }),
        );
      }
    },
  };
}
