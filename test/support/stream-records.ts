import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { StreamFilter } from '../../infra/constructs/stream-filters.ts';
import {
  type Item,
  toConnectionItem,
  toConversationItem,
  toEntryItem,
  toMemberItem,
  toPresenceItem,
  toSubscriptionItem,
} from '../../shared/store/items.ts';
import type { StoredChange } from './memory-stores.ts';

/** A change, with the place that the table's stream gives it. */
export interface Commit {
  readonly change: StoredChange;
  /** Unique, and ascending in the order of the commits. */
  readonly sequenceNumber: string;
  /** ms since the epoch. */
  readonly at: number;
}

type Image = Readonly<Record<string, AttributeValue>>;

/** A record of a stream as a function gets it, with the item as DynamoDB holds it. */
export interface StreamRecord {
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly ApproximateCreationDateTime: number;
    readonly StreamViewType: 'NEW_AND_OLD_IMAGES';
    readonly Keys: Readonly<Record<'pk' | 'sk', AttributeValue>>;
    readonly NewImage?: Image;
    readonly OldImage?: Image;
  };
}

/** The item that a change writes, and the one that it replaces. */
export function itemsOf(change: StoredChange): { readonly old: Item | undefined; readonly next: Item | undefined } {
  switch (change.item) {
    case 'entry':
      return both(change, toEntryItem);
    case 'conversation':
      return both(change, toConversationItem);
    case 'member':
      return both(change, toMemberItem);
    case 'connection':
      return both(change, toConnectionItem);
    case 'subscription':
      return both(change, toSubscriptionItem);
    case 'presence':
      return both(change, toPresenceItem);
  }
}

function both<T>(
  { old, next }: { readonly old: T | undefined; readonly next: T | undefined },
  write: (row: T) => Item,
) {
  return { old: old && write(old), next: next && write(next) };
}

/** What the stream of its table says about a commit. */
export function toRecord({ change, sequenceNumber, at }: Commit): StreamRecord {
  const { old, next } = itemsOf(change);
  const [OldImage, NewImage] = [old && toImage(old), next && toImage(next)];
  const { pk, sk } = (NewImage ?? OldImage) as StreamRecord['dynamodb']['Keys'];
  return {
    eventName: !OldImage ? 'INSERT' : NewImage ? 'MODIFY' : 'REMOVE',
    dynamodb: {
      ...{ SequenceNumber: sequenceNumber, ApproximateCreationDateTime: Math.floor(at / 1_000) },
      ...{ StreamViewType: 'NEW_AND_OLD_IMAGES', Keys: { pk, sk } },
      ...(NewImage && { NewImage }),
      ...(OldImage && { OldImage }),
    },
  };
}

function toImage(item: Item): Image {
  return marshall(item, { removeUndefinedValues: true });
}

/** Whether a table's stream has a record of the change. */
export function isOf(table: 'chat' | 'connections', { change: { item } }: Commit): boolean {
  return ['entry', 'conversation', 'member'].includes(item) === (table === 'chat');
}

/** Whether one of the filters lets a record through, as Lambda decides it. Throws at a rule that is not written here. */
export function passes(filters: readonly StreamFilter[], record: StreamRecord): boolean {
  return filters.some((filter) => matches(filter, record));
}

function matches(filter: StreamFilter, value: unknown): boolean {
  return Object.entries(filter).every(([name, rule]) => {
    const field = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
    return isList(rule) ? rule.some((one) => accepts(one, field)) : matches(rule, field);
  });
}

function isList(rule: readonly unknown[] | StreamFilter): rule is readonly unknown[] {
  return Array.isArray(rule);
}

function accepts(rule: unknown, field: unknown): boolean {
  if (typeof rule === 'string') return field === rule;
  const { prefix, 'anything-but': excluded, ...others } = rule as { prefix?: string; 'anything-but'?: unknown[] };
  if (Object.keys(others).length > 0) throw new Error(`no such rule here: ${JSON.stringify(rule)}`);
  if (typeof field !== 'string') return false;
  return prefix !== undefined ? field.startsWith(prefix) : excluded?.includes(field) === false;
}
