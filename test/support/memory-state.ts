import { isDeepStrictEqual } from 'node:util';
import type { Connection, PresenceRow, Room, Subscription } from '../../shared/domain/connection.ts';
import { type Conversation, isActive, type Member } from '../../shared/domain/conversation.ts';
import type { Entry } from '../../shared/domain/entry.ts';

/** What a table's stream would say about one item, in the order of the commits. */
export type StoredChange =
  | { readonly item: 'entry'; readonly old: Entry | undefined; readonly next: Entry | undefined }
  | { readonly item: 'conversation'; readonly old: Conversation | undefined; readonly next: Conversation | undefined }
  | { readonly item: 'member'; readonly old: Member | undefined; readonly next: Member | undefined }
  | { readonly item: 'connection'; readonly old: Connection | undefined; readonly next: Connection | undefined }
  | { readonly item: 'subscription'; readonly old: Subscription | undefined; readonly next: Subscription | undefined }
  | { readonly item: 'presence'; readonly old: PresenceRow | undefined; readonly next: PresenceRow | undefined };

/** One call of a store's method. */
export interface Call {
  readonly operation: string;
  readonly args: readonly unknown[];
}

export interface MemoryOptions {
  /** Awaited before a call takes effect. A scheduler may delay it here. If this rejects, nothing happens. */
  readonly before?: (call: Call) => Promise<void>;
  /** Awaited after the effect. If this rejects, the answer is lost although the call took effect. */
  readonly after?: (call: Call) => Promise<void>;
  /** By how many writes a read that may be stale is behind, at most 64. */
  readonly lag?: (read: 'tail' | 'memberships' | 'statuses', key: string) => number;
  /** Whether a transaction conflicts with another one that is under way. */
  readonly conflict?: (operation: 'append' | 'join' | 'leave' | 'unsubscribe') => boolean;
  /**
   * Whether an append with changes shows its items one by one, each in a turn of its own, its entry first or last.
   * DynamoDB promises isolation from transactions to a read of one item, not to a query; so a query may show the entry
   * before a row of the same transaction is as the entry says. Until the last step, writes of these items conflict.
   */
  readonly splitCommits?: 'entry-first' | 'entry-last';
  /** Called for every item that is written, within the atomic step that writes it. */
  readonly onChange?: (change: StoredChange) => void;
  /** Rows per page of `subscriptions`. */
  readonly pageSize?: number;
}

const HISTORY = 65;

/** A value with its latest versions, for reads that may be stale. */
export class Versioned<T> {
  #versions: T[];

  constructor(initial: T) {
    this.#versions = [initial];
  }

  get current(): T {
    return this.#versions.at(-1) as T;
  }

  set(next: T): void {
    this.#versions.push(next);
    if (this.#versions.length > HISTORY) this.#versions.shift();
  }

  behind(writes: number): T {
    return this.#versions[Math.max(0, this.#versions.length - 1 - writes)] as T;
  }
}

export interface StoredReaction {
  readonly conversationId: string;
  readonly userId: string;
  readonly seq: number;
  readonly emoji: string;
}

/** The contents of all tables. */
export class MemoryState {
  readonly logs = new Map<string, Versioned<readonly Entry[]>>();
  readonly reactions = new Map<string, StoredReaction>();
  readonly conversations = new Map<string, Conversation>();
  readonly members = new Map<string, Map<string, Member>>();
  readonly memberships = new Map<string, Versioned<ReadonlySet<string>>>();
  readonly connections = new Map<string, Connection>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly presence = new Map<string, Versioned<PresenceRow | undefined>>();
  readonly buckets = new Map<string, number>();
  /** Items of transactions whose commit is split and not over; see `itemName`. */
  readonly locked = new Set<string>();
  readonly options: MemoryOptions;

  constructor(options: MemoryOptions) {
    this.options = options;
  }

  log(conversationId: string): Versioned<readonly Entry[]> {
    return upsert(this.logs, conversationId, () => new Versioned<readonly Entry[]>([]));
  }

  entry(conversationId: string, seq: number): Entry | undefined {
    return this.log(conversationId).current[seq - 1];
  }

  /** Commits entries to a log, new or rewritten. */
  putEntries(conversationId: string, written: readonly Entry[]): void {
    const log = this.log(conversationId);
    const next = [...log.current];
    for (const raw of written) {
      const entry = stored(raw);
      this.options.onChange?.({ item: 'entry', old: next[entry.seq - 1], next: entry });
      next[entry.seq - 1] = entry;
    }
    log.set(next);
  }

  putConversation(conversation: Conversation): void {
    const next = stored(conversation);
    this.options.onChange?.({ item: 'conversation', old: this.conversations.get(next.conversationId), next });
    this.conversations.set(next.conversationId, next);
  }

  member(conversationId: string, userId: string): Member | undefined {
    return this.members.get(conversationId)?.get(userId);
  }

  putMember(member: Member): void {
    const next = stored(member);
    const { conversationId, userId } = next;
    const rows = upsert(this.members, conversationId, () => new Map<string, Member>());
    this.options.onChange?.({ item: 'member', old: rows.get(userId), next });
    rows.set(userId, next);
    const index = upsert(this.memberships, userId, () => new Versioned<ReadonlySet<string>>(new Set()));
    if (index.current.has(conversationId) === isActive(next)) return;
    const ids = new Set(index.current);
    if (isActive(next)) ids.add(conversationId);
    else ids.delete(conversationId);
    index.set(ids);
  }

  putConnection(connectionId: string, connection: Connection | undefined): void {
    const next = connection && stored(connection);
    this.options.onChange?.({ item: 'connection', old: this.connections.get(connectionId), next });
    if (next) this.connections.set(connectionId, next);
    else this.connections.delete(connectionId);
  }

  putSubscription(subscription: Subscription): void {
    const next = stored(subscription);
    const key = subscriptionKey(next.room, next.shard, next.userId, next.connectionId);
    this.options.onChange?.({ item: 'subscription', old: this.subscriptions.get(key), next });
    this.subscriptions.set(key, next);
  }

  deleteSubscription(room: Room, shard: number, userId: string, connectionId: string): void {
    const key = subscriptionKey(room, shard, userId, connectionId);
    const old = this.subscriptions.get(key);
    if (!old) return;
    this.options.onChange?.({ item: 'subscription', old, next: undefined });
    this.subscriptions.delete(key);
  }
}

/** An item of a conversation, as `MemoryState.locked` names it. */
export function itemName(conversationId: string, item: string): string {
  return JSON.stringify([conversationId, item]);
}

export function sameRoom(a: Room, b: Room): boolean {
  return a.kind === b.kind && a.id === b.id;
}

export function subscriptionKey(room: Room, shard: number, userId: string, connectionId: string): string {
  return JSON.stringify([room.kind, room.id, shard, userId, connectionId]);
}

/** What a table would return: a copy without undefined fields that nobody can change. */
function stored<T>(value: T): T {
  if (Array.isArray(value)) return Object.freeze(value.map((one) => stored<unknown>(one))) as T;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.freeze(Object.fromEntries(fields.map(([name, field]) => [name, stored<unknown>(field)]))) as T;
}

/** The row after a change of a member. Fields that `next` does not change stay as they are in the table. */
export function changedMember(row: Member | undefined, expected: Member | undefined, next: Member): Member {
  if (!row || !expected) return next;
  const changed = Object.entries({ ...blank(expected), ...next }).filter(
    ([name, value]) => !isDeepStrictEqual(value, expected[name as keyof Member]),
  );
  return { ...row, ...Object.fromEntries(changed) };
}

/** Whether a member's row has the state, the role, and the moved marks that a change expects. */
export function memberIsAsExpected(row: Member | undefined, expected: Member | undefined, next: Member): boolean {
  if (!row || !expected) return row === expected;
  const marks = (['readSeq', 'readN', 'deliveredSeq'] as const).filter((mark) => next[mark] !== expected[mark]);
  return (['state', 'role', ...marks] as const).every((field) => row[field] === expected[field]);
}

/** Throws beyond the limits of a DynamoDB transaction: 100 items, none of them twice. */
export function requireTransaction(keys: readonly string[]): void {
  if (keys.length > 100) throw new Error('a transaction has at most 100 items');
  if (new Set(keys).size < keys.length) throw new Error('a transaction cannot touch an item twice');
}

function blank(member: Member): Partial<Member> {
  return Object.fromEntries(Object.keys(member).map((name) => [name, undefined]));
}

function upsert<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const created = create();
  map.set(key, created);
  return created;
}
