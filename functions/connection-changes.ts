import middy from '@middy/core';
import {
  type ConnectionChange,
  handleConnectionChanges,
  type PresenceCheck,
} from '../shared/delivery/connection-changes.ts';
import { mapBounded } from '../shared/domain/map-bounded.ts';
import { report } from '../shared/platform/logger.ts';
import { readEnvironment } from '../shared/platform/read-environment.ts';
import { identify, parseConnectionItem } from '../shared/store/items.ts';
import { requestLog } from './middleware/request-log.ts';
import { failures, readEach, type StreamRecord } from './middleware/stream-event.ts';
import { clock } from './runtime/clock.ts';
import { sendToQueue } from './runtime/queues.ts';
import { stores } from './runtime/stores.ts';

/** What follows from connections and subscriptions that came or went. */
export const handler = middy()
  .use(requestLog())
  .handler(async (event: unknown) => {
    const changes = readEach(event, toChange, (error) => report('unreadable-record', error));
    const { connections } = stores();
    return failures(await handleConnectionChanges({ connections, enqueue, clock, report }, changes));
  });

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

async function enqueue(checks: readonly PresenceCheck[]): Promise<readonly PresenceCheck[]> {
  const queueUrl = readEnvironment('presenceQueueUrl');
  const refused = await mapBounded(checks, async (check) => {
    const { room, userId, delaySeconds } = check;
    try {
      await sendToQueue(queueUrl, { room, userId }, delaySeconds);
      return [];
    } catch (error) {
      report('enqueue-presence', error);
      return [check];
    }
  });
  return refused.flat();
}
