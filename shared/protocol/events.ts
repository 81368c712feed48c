import * as z from 'zod';
import { errorData } from './errors.ts';
import { conversationId, status, time, userId } from './identifiers.ts';
import { conversation, mark } from './shapes.ts';

const version = z.int().describe('Grows for each user and room: drop older ones');

/** `data` of pushes that are never in a log. */
export const ephemeralData = {
  'user-typing': z
    .object({ conversationId, userId, isTyping: z.boolean() })
    .describe('To the room: a user is typing, or is no longer (TYPE-1)'),
  'user:online': z
    .object({ conversationId, userId, status, version })
    .describe("To the room: a user's first connection joined, or the user has a new status (PRES-1)"),
  'user:offline': z
    .object({ conversationId, userId, lastSeenAt: time, version })
    .describe("To the room: a user's last connection is gone (PRES-1)"),
  receipt: mark
    .extend({ conversationId })
    .describe('To small rooms and to the other devices of the user: a user has read or received up to here (READ-1)'),
  'conversation-created': conversation.describe('To the user: you were added to this conversation (MEMB-1)'),
  closing: z
    .object({
      reason: z.string(),
      reconnect: z.boolean().describe('False: do not connect again by yourself'),
      retryAfterMs: z.int().optional(),
    })
    .describe('To one connection: the server closes it now (CONN-6)'),
} as const;

export type EphemeralEvent = keyof typeof ephemeralData;
/** An ephemeral push frame. */
export type EphemeralFrame = {
  [E in EphemeralEvent]: { event: E; data: z.infer<(typeof ephemeralData)[E]> };
}[EphemeralEvent];

/** The errors' two events: `message-error` for what writes a message, `error` for all else. */
export const errorEvents = { 'message-error': errorData, error: errorData } as const;
export type ErrorEvent = keyof typeof errorEvents;
