import middy from '@middy/core';
import {
  type ConnectionChange,
  type ConnectionChangeDeps,
  handleConnectionChanges,
  type PresenceCheck,
} from '../shared/delivery/connection-changes.ts';
import { mapBounded } from '../shared/domain/map-bounded.ts';
import { report } from '../shared/platform/logger.ts';
import { identify, parseConnectionItem } from '../shared/store/items.ts';
import { requestLog } from './middleware/request-log.ts';
import { type BatchAnswer, failures, readEach, type StreamRecord } from './middleware/stream-event.ts';
import { clock } from './runtime/clock.ts';
import { queue, type SendToQueue } from './runtime/queues.ts';
import { stores } from './runtime/stores.ts';

export interface ConnectionChangesDeps extends Omit<ConnectionChangeDeps, 'enqueue'> {
  readonly presenceQueue: SendToQueue;
}

/** What follows from connections and subscriptions that came or went. */
export function connectionChangesHandler(deps: () => ConnectionChangesDeps) {
  return middy<unknown, BatchAnswer>()
    .use(requestLog())
    .handler(async (event: unknown) => {
      const given = deps();
      const changes = readEach(event, toChange, (error) => given.report('unreadable-record', error));
      const enqueue = (checks: readonly PresenceCheck[]) => enqueueEach(given, checks);
      return failures(await handleConnectionChanges({ ...given, enqueue }, changes));
    });
}

export const handler = connectionChangesHandler(() => ({
  ...{ connections: stores().connections, presenceQueue: queue('presenceQueueUrl') },
  ...{ clock, report },
}));

function toChange({ recordId, change, newItem, oldItem }: StreamRecord): ConnectionChange | undefined {
  const item = newItem ?? oldItem;
  if (!item || change === 'MODIFY') return undefined;
  const key = identify(item);
  if (key.item === 'connection' && change === 'REMOVE') {
    return { type: 'connection-gone', recordId, connection: parseConnectionItem(item) };
  }
  if (key.item !== 'subscription') return undefined;
  const { room, userId } = key;
  return { type: change === 'INSERT' ? 'subscribed' : 'unsubscribed', recordId, room, userId };
}

/** Gives the checks that the queue did not take. */
async function enqueueEach(
  { presenceQueue, report }: Pick<ConnectionChangesDeps, 'presenceQueue' | 'report'>,
  checks: readonly PresenceCheck[],
): Promise<readonly PresenceCheck[]> {
  const refused = await mapBounded(checks, async (check) => {
    const { room, userId, delaySeconds } = check;
    try {
      await presenceQueue({ room, userId }, delaySeconds);
      return [];
    } catch (error) {
      report('enqueue-presence', error);
      return [check];
    }
  });
  return refused.flat();
}
