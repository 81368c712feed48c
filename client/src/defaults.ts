import type { ClientOptions } from './api/options.ts';
import { defaultOutbox } from './outbox/indexed-db.ts';
import { openSocket, randomId, systemClock, systemLifecycle } from './platform/system.ts';

/** The options with every default in its place; the README's table has them too. */
export function withDefaults(options: ClientOptions) {
  return {
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
    ...options,
    outbox: options.outbox ?? defaultOutbox(options.url),
  };
}
