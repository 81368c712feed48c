import type { ClientOptions } from './api/options.ts';
import { copiesIn } from './copies/indexed-db.ts';
import type { CopyStorage } from './copies/storage.ts';
import { ChatError } from './errors.ts';
import { outboxIn } from './outbox/indexed-db.ts';
import { memoryOutbox, type OutboxStorage } from './outbox/storage.ts';
import { onlyFields } from './platform/abort.ts';
import { Database } from './platform/database.ts';
import type { IndexedDb } from './platform/indexed-db.ts';
import { openSocket, randomId, systemClock, systemLifecycle, systemLocks } from './platform/system.ts';

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
    locks: systemLocks(),
  };
  const doing = 'make the client';
  onlyFields(doing, options, [...Object.keys(defaults), 'url', 'token', 'userId', 'outbox', 'copies']);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const whole = { ...defaults, ...(given as ClientOptions) };
  if (typeof whole.url !== 'string' || typeof whole.token !== 'function') {
    const message = `unable to ${doing}; it takes a url and a token function`;
    throw new ChatError({ code: 'validation-failed', message, retryable: false });
  }
  return { ...defaultStorage(whole.url), ...whole };
}

/**
 * IndexedDB where there is one; else an outbox in memory, and no copies but those that are in use. One database for each
 * API, so that two deployments never mix. Where a browser forbids even to ask for it, using it fails, and the client
 * tells.
 */
function defaultStorage(url: string): { outbox: OutboxStorage; copies?: CopyStorage } {
  try {
    const { indexedDB } = globalThis as { indexedDB?: IndexedDb };
    if (!indexedDB) return { outbox: memoryOutbox() };
    const database = new Database(`parley:${url}`, indexedDB);
    return { outbox: outboxIn(database), copies: copiesIn(database) };
  } catch (error) {
    return { outbox: { ...memoryOutbox(), load: () => Promise.reject(error) } };
  }
}
