import middy from '@middy/core';
import * as z from 'zod';
import { type BroadcastDeps, broadcastAgain, broadcastEntries, broadcastFrames } from '../shared/delivery/broadcast.ts';
import { busEvents } from '../shared/domain/bus-events.ts';
import { BUS_SOURCE } from '../shared/domain/bus-names.ts';
import { report } from '../shared/platform/logger.ts';
import { unsubscribeUser } from '../shared/usecases/members/unsubscribe-user.ts';
import { requestLog } from './middleware/request-log.ts';
import { publishToBus } from './runtime/bus.ts';
import { clock } from './runtime/clock.ts';
import { poster } from './runtime/poster.ts';
import { stores } from './runtime/stores.ts';

const busEvent = z.discriminatedUnion('detail-type', [
  z.object({
    source: z.literal(BUS_SOURCE),
    'detail-type': z.literal('entries-appended'),
    detail: busEvents['entries-appended'],
  }),
  z.object({
    source: z.literal(BUS_SOURCE),
    'detail-type': z.literal('frames-to-rooms'),
    detail: busEvents['frames-to-rooms'],
  }),
  z.object({
    source: z.literal(BUS_SOURCE),
    'detail-type': z.literal('delivery-retry'),
    detail: busEvents['delivery-retry'],
  }),
]);

/**
 * Posts what came over the bus to the connections it is for. After a failure Lambda calls it again, twice; then the
 * event goes to the undelivered queue, which thus names the log positions.
 */
export function broadcastHandler(deps: () => Omit<BroadcastDeps, 'connections' | 'unsubscribe'>) {
  return middy<unknown, void>()
    .use(requestLog())
    .handler(async (raw: unknown) => {
      const event = busEvent.parse(raw);
      const given = deps();
      const all: BroadcastDeps = {
        ...given,
        connections: given.stores.connections,
        unsubscribe: (conversationId, userId) => unsubscribeUser(given, conversationId, userId),
      };
      switch (event['detail-type']) {
        case 'entries-appended':
          return broadcastEntries(all, event.detail);
        case 'frames-to-rooms':
          return broadcastFrames(all, event.detail);
        case 'delivery-retry':
          return broadcastAgain(all, event.detail);
      }
    });
}

export const handler = broadcastHandler(() => ({
  ...{ stores: stores(), gateway: poster(), publish: publishToBus() },
  ...{ clock, random: Math.random, report },
}));
