import assert from 'node:assert/strict';
import {
  type Item,
  parseConnectionItem,
  parseConversationItem,
  parseEntryItem,
  parseMemberItem,
  parsePresenceItem,
  parseSubscriptionItem,
} from '../../shared/store/items.ts';
import type { StoredChange } from './memory-stores.ts';
import { itemsOf } from './stream-records.ts';

const PARSERS: Readonly<Record<StoredChange['item'], (item: Item) => unknown>> = {
  entry: parseEntryItem,
  conversation: parseConversationItem,
  member: parseMemberItem,
  connection: parseConnectionItem,
  subscription: parseSubscriptionItem,
  presence: parsePresenceItem,
};

/** Checks that what is stored can be read back unchanged: an item that cannot be parsed closes its log for ever. */
export function checkStored(change: StoredChange): void {
  const { next } = itemsOf(change);
  if (next) assert.deepEqual(PARSERS[change.item](next), change.next);
}
