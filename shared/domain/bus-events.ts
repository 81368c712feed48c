import * as z from 'zod';
import { entryFrame } from '../protocol/entries.ts';
import { conversationId, seq, userId } from '../protocol/identifiers.ts';
import type { BusEventType } from './bus-names.ts';

/** A room as it travels on the bus and through queues. */
export const roomSchema = z.object({ kind: z.enum(['conversation', 'user']), id: z.string() });

/** A push frame of our own making: its fields were checked when it was made. */
const pushFrame = z.looseObject({ event: z.string(), data: z.looseObject({}) });

/** What travels on the bus, by detail type. */
export const busEvents = {
  /** Entries of one conversation, ascending. Without `entries` (a redrive) they are read from the log. */
  'entries-appended': z.object({
    conversationId,
    from: seq,
    to: seq,
    entries: z.array(z.object({ frame: entryFrame, origin: z.string().optional() })).optional(),
  }),
  /** Ephemeral frames for whoever is in the rooms when it arrives. */
  'frames-to-rooms': z.object({
    rooms: z.array(roomSchema).min(1),
    frames: z.array(pushFrame).min(1),
    except: z.string().optional(),
    exceptUserId: userId.optional(),
    maxConnections: z.int().min(1).optional(),
  }),
  /** Posts that were throttled. `expiresAt`: nothing is posted to that connection later (ms since the epoch). */
  'delivery-retry': z.object({
    attempt: z.int().min(1),
    startedAt: z.int(),
    texts: z.array(z.string()).min(1),
    connections: z.array(z.object({ connectionId: z.string(), connectedAt: z.int(), expiresAt: z.int() })).min(1),
  }),
} as const satisfies Record<BusEventType, z.ZodType>;

export type BusDetail<T extends BusEventType> = z.infer<(typeof busEvents)[T]>;
/** An event for the bus. */
export type BusEvent = { [T in BusEventType]: { readonly type: T; readonly detail: BusDetail<T> } }[BusEventType];

/** Sends events; resolves to those that the bus did not take, a failed entry of a successful call included. */
export type PublishToBus = (events: readonly BusEvent[]) => Promise<readonly BusEvent[]>;
