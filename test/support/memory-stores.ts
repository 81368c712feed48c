import type { Room } from '../../shared/domain/connection.ts';
import type { ConnectionStore, LogStore, Stores } from '../../shared/domain/ports.ts';
import { memoryConnectionStore, order, unexpired } from './memory-connection-store.ts';
import { memoryConversationStore } from './memory-conversation-store.ts';
import { memoryLogStore, splitAppend } from './memory-log-store.ts';
import { type Call, type MemoryOptions, MemoryState } from './memory-state.ts';

export type { Call, MemoryOptions, StoredChange } from './memory-state.ts';

/** A port whose methods take effect at once. */
export type Sync<Port> = {
  readonly [Name in keyof Port]: Port[Name] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : Port[Name];
};

export interface MemoryStores extends Stores {
  /** The tables, for tests that look at them or prepare them without a call. */
  readonly state: MemoryState;
}

const PAGE_SIZE = 100;

/**
 * The stores in memory, with every condition of the real ones. Each call waits for at least one turn and then works in
 * one synchronous step, so tests can interleave calls in any order.
 */
export function createMemoryStores(options: MemoryOptions = {}): MemoryStores {
  const state = new MemoryState(options);
  const connections = inTurns<Omit<ConnectionStore, 'subscriptions'>>(memoryConnectionStore(state), options);
  const log = inTurns<LogStore>(memoryLogStore(state), options);
  const split: LogStore['append'] = (...args) =>
    splitAppend(state, args, (operation, step) => inTurn({ operation, args }, step, options));
  return {
    state,
    log: options.splitCommits ? { ...log, append: split } : log,
    conversations: inTurns(memoryConversationStore(state), options),
    connections: { ...connections, subscriptions: pages(state, options) },
  };
}

function inTurns<Port extends object>(port: Sync<Port>, options: MemoryOptions): Port {
  const methods = Object.entries(port).map(([operation, method]) => {
    const step = method as (...args: readonly unknown[]) => unknown;
    const call = (...args: readonly unknown[]) => inTurn({ operation, args }, () => step(...args), options);
    return [operation, call] as const;
  });
  return Object.fromEntries(methods) as unknown as Port;
}

async function inTurn<T>(call: Call, step: () => T, options: MemoryOptions): Promise<T> {
  await Promise.resolve();
  await options.before?.(call);
  const result = step();
  await options.after?.(call);
  return result;
}

/** Reads page by page, each as it is at that moment, like a query. */
function pages(state: MemoryState, options: MemoryOptions): ConnectionStore['subscriptions'] {
  const { pageSize = PAGE_SIZE } = options;
  return async function* subscriptions(room: Room, nowMs: number, shards: readonly number[] = [0]) {
    const call = { operation: 'subscriptions', args: [room, nowMs, shards] };
    for (let last = ''; ; ) {
      const read = () => unexpired(state, room, shards, nowMs).filter((row) => order(row) > last);
      const rest = await inTurn(call, read, options);
      if (rest.length > 0) yield rest.slice(0, pageSize);
      const end = rest[pageSize - 1];
      if (!end || rest.length === pageSize) return;
      last = order(end);
    }
  };
}
