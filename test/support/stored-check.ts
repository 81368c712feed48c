import assert from 'node:assert/strict';
import {
  parseConnectionItem,
  parseConversationItem,
  parseEntryItem,
  parseMemberItem,
  parsePresenceItem,
  parseSubscriptionItem,
  toConnectionItem,
  toConversationItem,
  toEntryItem,
  toMemberItem,
  toPresenceItem,
  toSubscriptionItem,
} from '../../shared/store/items.ts';
import type { StoredChange } from './memory-stores.ts';

/** Checks that what is stored can be read back unchanged: an item that cannot be parsed closes its log for ever. */
export function checkStored(change: StoredChange): void {
  if (change.next) assert.deepEqual(throughTable(change), change.next);
}

function throughTable({ item, next }: StoredChange): unknown {
  if (!next) return undefined;
  switch (item) {
    case 'entry':
      return parseEntryItem(toEntryItem(next));
    case 'conversation':
      return parseConversationItem(toConversationItem(next));
    case 'member':
      return parseMemberItem(toMemberItem(next));
    case 'connection':
      return parseConnectionItem(toConnectionItem(next));
    case 'subscription':
      return parseSubscriptionItem(toSubscriptionItem(next));
    case 'presence':
      return parsePresenceItem(toPresenceItem(next));
  }
}
