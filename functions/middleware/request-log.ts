import type { MiddlewareObj } from '@middy/core';
import { logger } from '../../shared/platform/logger.ts';

/**
 * One log line per invocation: which request it was, and how long it took. Keys that the handler appends (action,
 * refusal) stand on the same line. Nothing of a frame's content, no token, no query string.
 */
export function requestLog(): MiddlewareObj {
  let startedAt = 0;
  const end = () => {
    logger.info('handled', { durationMs: Date.now() - startedAt });
    logger.resetKeys();
  };
  return {
    before: ({ context }) => {
      startedAt = Date.now();
      logger.addContext(context as never);
    },
    after: end,
    onError: ({ error }) => {
      logger.error('failed', { error: error instanceof Error ? error : String(error) });
      end();
    },
  };
}
