import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import {
  type ConnectionChange,
  handleConnectionChanges,
  type PresenceCheck,
} from '../shared/delivery/connection-changes.ts';
import { readEnvironment } from '../shared/platform/read-environment.ts';
import { identify, parseConnectionItem } from '../shared/store/items.ts';
import { requestLog } from './middleware/request-log.ts';
import { failures, readEach, type StreamRecord, streamRecords } from './middleware/stream-event.ts';
import { report, stores } from './runtime.ts';

const sqs = new SQSClient({});
/** The most messages that one call takes. */
const MAX_MESSAGES = 10;

/** What follows from connections and subscriptions that came or went. */
export const handler = middy()
  .use(requestLog())
  .handler(async (event: unknown) => {
    const changes = readEach(streamRecords(event), toChange, (_, error) => report('unreadable-record', error));
    return failures(await handleConnectionChanges({ connections: stores().connections, enqueue }, changes));
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
  const refused: PresenceCheck[] = [];
  for (let at = 0; at < checks.length; at += MAX_MESSAGES) {
    const batch = checks.slice(at, at + MAX_MESSAGES);
    const Entries = batch.map(({ room, userId, delaySeconds }, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify({ room, userId }),
      DelaySeconds: delaySeconds,
    }));
    try {
      const { Failed } = await sqs.send(
        new SendMessageBatchCommand({ QueueUrl: readEnvironment('presenceQueueUrl'), Entries }),
      );
      refused.push(...(Failed ?? []).flatMap(({ Id }) => batch[Number(Id)] ?? []));
    } catch (error) {
      report('enqueue-presence', error, batch.length);
      refused.push(...batch);
    }
  }
  return refused;
}
