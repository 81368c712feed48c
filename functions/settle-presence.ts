import middy from '@middy/core';
import * as z from 'zod';
import { roomSchema } from '../shared/domain/bus-events.ts';
import { report } from '../shared/platform/logger.ts';
import { PRESENCE_ROOM_MAX } from '../shared/protocol/limits.ts';
import { currentPresence, settlePresence } from '../shared/usecases/presence/settle-presence.ts';
import { requestLog } from './middleware/request-log.ts';
import { failures } from './middleware/stream-event.ts';
import { publishToBus } from './runtime/bus.ts';
import { clock } from './runtime/clock.ts';
import { stores } from './runtime/stores.ts';

const check = z.object({ room: roomSchema, userId: z.string() });

const queueEvent = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.coerce.number() }),
    }),
  ),
});

type Message = z.infer<typeof queueEvent>['Records'][number];

/** Looks at a user's presence in a room and announces what changed (PRES-1). A message that fails comes again. */
export const handler = middy()
  .use(requestLog())
  .handler(async (event: unknown) => {
    const { Records } = queueEvent.parse(event);
    const failed = await Promise.all(
      Records.map(async (message) => {
        try {
          await settle(message);
          return [];
        } catch (error) {
          report('settle-presence', error);
          return [message.messageId];
        }
      }),
    );
    return failures(failed.flat());
  });

async function settle({ body, attributes }: Message): Promise<void> {
  const { room, userId } = check.parse(JSON.parse(body));
  const deps = { stores: stores(), clock, random: Math.random };
  const settled = await settlePresence(deps, room, userId);
  // A message that comes again may have written the row and died before it told anyone: it tells what the row says.
  const again = attributes.ApproximateReceiveCount > 1;
  const frame = settled ?? (again ? await currentPresence(deps, room, userId) : undefined);
  if (!frame) return;
  const detail = { rooms: [room], frames: [{ ...frame }], maxConnections: PRESENCE_ROOM_MAX };
  const refused = await publishToBus()([{ type: 'frames-to-rooms', detail }]);
  if (refused.length > 0) throw new Error('the bus did not take a presence frame');
}
