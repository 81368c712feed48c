import type { ClientOptions } from './api/options.ts';
import { ChatError } from './errors.ts';
import { defaultOutbox } from './outbox/indexed-db.ts';
import { onlyFields } from './platform/abort.ts';
import { openSocket, randomId, systemClock, systemLifecycle } from './platform/system.ts';

/**
 * The options with every default in its place; the README's table has them too. One that is undefined was not given.
 * Throws `validation-failed` for an option that does not exist, and for `url` or `token` that are missing.
 */
export function withDefaults(options: ClientOptions) {
  const defaults = {
    tokenIn: 'subprotocol' as const,
    heartbeatMs: 60_000,
    hiddenHeartbeatMs: 240_000,
    replyTimeoutMs: 10_000,
    connectTimeoutMs: 15_000,
    commandTimeoutMs: 30_000,
    handoverAfterMs: 110 * 60_000,
    maxCatchUp: 1_000,
    maxMessages: 20_000,
    autoDelivered: true,
    openSocket,
    clock: systemClock,
    random: Math.random,
    newId: randomId,
    lifecycle: systemLifecycle,
  };
  const doing = 'make the client';
  onlyFields(doing, options, [...Object.keys(defaults), 'url', 'token', 'userId', 'outbox']);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const whole = { ...defaults, ...(given as ClientOptions) };
  if (typeof whole.url !== 'string' || typeof whole.token !== 'function') {
    const message = `unable to ${doing}; it takes a url and a token function`;
    throw new ChatError({ code: 'validation-failed', message, retryable: false });
  }
  return { ...whole, outbox: whole.outbox ?? defaultOutbox(whole.url) };
}
