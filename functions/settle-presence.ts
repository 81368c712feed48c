import middy from '@middy/core';
import * as z from 'zod';
import { type PublishToBus, roomSchema } from '../shared/domain/bus-events.ts';
import type { Room } from '../shared/domain/connection.ts';
import type { Report } from '../shared/domain/report.ts';
import { report } from '../shared/platform/logger.ts';
import type { EphemeralFrame } from '../shared/protocol/events.ts';
import { PRESENCE_ROOM_MAX } from '../shared/protocol/limits.ts';
import type { Deps } from '../shared/usecases/deps.ts';
import { currentPresence, dropOrphans, settlePresence } from '../shared/usecases/presence/settle-presence.ts';
import { eachMessage, type QueueMessage } from './middleware/queue-event.ts';
import { requestLog } from './middleware/request-log.ts';
import type { BatchAnswer } from './middleware/stream-event.ts';
import { publishToBus } from './runtime/bus.ts';
import { clock } from './runtime/clock.ts';
import { stores } from './runtime/stores.ts';

const check = z.object({ room: roomSchema, userId: z.string() });

/** Of the function's 20 s. */
const LIMIT_MS = 15_000;

export interface SettlePresenceDeps extends Pick<Deps, 'stores' | 'clock' | 'random'> {
  readonly publish: PublishToBus;
  readonly report: Report;
}

/** Looks at a user's presence in a room and announces what changed (PRES-1). A message that fails comes again. */
export function settlePresenceHandler(deps: () => SettlePresenceDeps) {
  return middy<unknown, BatchAnswer>()
    .use(requestLog())
    .handler(async (event: unknown) => {
      const given = deps();
      const options = { stage: 'settle-presence', report: given.report, limitMs: LIMIT_MS };
      return eachMessage(event, options, (message) => settle(given, message));
    });
}

export const handler = settlePresenceHandler(() => ({
  // The bus's client is made only if there is something to announce.
  ...{ stores: stores(), publish: (events) => publishToBus()(events) },
  ...{ clock, random: Math.random, report },
}));

async function settle(deps: SettlePresenceDeps, { body, again }: QueueMessage): Promise<void> {
  const { room, userId } = check.parse(body);
  const settled = await settlePresence(deps, room, userId);
  // A message that comes again may have written the row and died before it told anyone: it tells what the row says.
  const frame = settled ?? (again ? await currentPresence(deps, room, userId) : undefined);
  if (frame) await announce(deps, room, frame);
  await dropOrphans(deps, room, userId);
}

async function announce({ publish }: SettlePresenceDeps, room: Room, frame: EphemeralFrame): Promise<void> {
  const detail = { rooms: [room], frames: [{ ...frame }], maxConnections: PRESENCE_ROOM_MAX };
  const refused = await publish([{ type: 'frames-to-rooms', detail }]);
  if (refused.length > 0) throw new Error('the bus did not take a presence frame');
}
