import middy from '@middy/core';
import {
  type ChatChange,
  type PublishDeps,
  publishChanges,
  type Undelivered,
} from '../shared/delivery/publish-changes.ts';
import { isActive } from '../shared/domain/conversation.ts';
import { mapBounded } from '../shared/domain/map-bounded.ts';
import { report } from '../shared/platform/logger.ts';
import { type Item, identify, parseEntryItem, parseMemberItem } from '../shared/store/items.ts';
import { requestLog } from './middleware/request-log.ts';
import { type BatchAnswer, failures, readEach, type StreamRecord } from './middleware/stream-event.ts';
import { publishToBus } from './runtime/bus.ts';
import { clock } from './runtime/clock.ts';
import { queue, type SendToQueue } from './runtime/queues.ts';
import { stores } from './runtime/stores.ts';

export interface PublishEventsDeps extends Omit<PublishDeps, 'giveUp'> {
  /** Gets log positions for an operator to redrive. */
  readonly undeliveredQueue: SendToQueue;
}

/** The stream is the outbox: what was committed goes to the bus, at least once. */
export function publishEventsHandler(deps: () => PublishEventsDeps) {
  return middy<unknown, BatchAnswer>()
    .use(requestLog())
    .handler(async (event: unknown) => {
      const { undeliveredQueue, ...given } = deps();
      // Rejects if the queue does not take one: the stream then tries again.
      const giveUp = async (positions: readonly Undelivered[]) =>
        void (await mapBounded(positions, (position) => undeliveredQueue(position)));
      const unreadable: Undelivered[] = [];
      const changes = readEach(event, toChange, (error, keys) => {
        given.report('unreadable-record', error);
        unreadable.push(...positionOf(keys));
      });
      const failed = await publishChanges({ ...given, giveUp }, changes);
      // Last, so that a queue that takes nothing keeps no entry from the bus.
      if (unreadable.length > 0) await giveUp(unreadable);
      return failures(failed);
    });
}

export const handler = publishEventsHandler(() => ({
  ...{ conversations: stores().conversations, publish: publishToBus(), undeliveredQueue: queue('undeliveredQueueUrl') },
  ...{ now: clock.now, report },
}));

/** An entry that this code cannot read is in the log all the same: a redrive may find code that can. */
function positionOf(keys: Item | undefined): Undelivered[] {
  try {
    const key = identify(keys ?? {});
    return key.item === 'entry' ? [{ conversationId: key.conversationId, from: key.seq, to: key.seq }] : [];
  } catch {
    return [];
  }
}

function toChange({ recordId, createdAt, change, newItem, oldItem }: StreamRecord): ChatChange | undefined {
  if (!newItem) return undefined;
  const item = identify(newItem).item;
  if (item === 'entry' && change === 'INSERT') {
    return { type: 'entry', recordId, createdAt, entry: parseEntryItem(newItem) };
  }
  if (item !== 'member') return undefined;
  const member = parseMemberItem(newItem);
  if (!isActive(member) || (oldItem && isActive(parseMemberItem(oldItem)))) return undefined;
  return { type: 'member-became-active', recordId, createdAt, member };
}
