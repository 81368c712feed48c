import middy from '@middy/core';
import { type ChatChange, publishChanges, type Undelivered } from '../shared/delivery/publish-changes.ts';
import { isActive } from '../shared/domain/conversation.ts';
import { mapBounded } from '../shared/domain/map-bounded.ts';
import { report } from '../shared/platform/logger.ts';
import { readEnvironment } from '../shared/platform/read-environment.ts';
import { type Item, identify, parseEntryItem, parseMemberItem } from '../shared/store/items.ts';
import { requestLog } from './middleware/request-log.ts';
import { failures, readEach, type StreamRecord } from './middleware/stream-event.ts';
import { publishToBus } from './runtime/bus.ts';
import { clock } from './runtime/clock.ts';
import { sendToQueue } from './runtime/queues.ts';
import { stores } from './runtime/stores.ts';

/** The stream is the outbox: what was committed goes to the bus, at least once. */
export const handler = middy()
  .use(requestLog())
  .handler(async (event: unknown) => {
    const unreadable: Undelivered[] = [];
    const changes = readEach(event, toChange, (error, keys) => {
      report('unreadable-record', error);
      unreadable.push(...positionOf(keys));
    });
    const { conversations } = stores();
    const deps = { conversations, publish: publishToBus(), giveUp, now: clock.now, report };
    const failed = await publishChanges(deps, changes);
    // Last, so that a queue that takes nothing keeps no entry from the bus.
    if (unreadable.length > 0) await giveUp(unreadable);
    return failures(failed);
  });

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

/** Names the positions in the queue for an operator to redrive. Rejects if it cannot: the stream then tries again. */
async function giveUp(positions: readonly Undelivered[]): Promise<void> {
  const queueUrl = readEnvironment('undeliveredQueueUrl');
  await mapBounded(positions, (position) => sendToQueue(queueUrl, position));
}
