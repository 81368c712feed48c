import * as z from 'zod';
import { errorData } from './errors.ts';
import { conversationId, status, time, userId } from './identifiers.ts';
import { conversation, mark } from './shapes.ts';

/** `data` of pushes that are never in a log. */
export const ephemeralData = {
  'user-typing': z.object({ conversationId, userId, isTyping: z.boolean() }),
  'user:online': z.object({ conversationId, userId, status, version: z.int() }),
  'user:offline': z.object({ conversationId, userId, lastSeenAt: time, version: z.int() }),
  receipt: mark.extend({ conversationId }),
  'conversation-created': conversation,
  closing: z.object({ reason: z.string(), reconnect: z.boolean(), retryAfterMs: z.int().optional() }),
} as const;

export type EphemeralEvent = keyof typeof ephemeralData;
/** An ephemeral push frame. */
export type EphemeralFrame = {
  [E in EphemeralEvent]: { event: E; data: z.infer<(typeof ephemeralData)[E]> };
}[EphemeralEvent];

/** The errors' two events: `message-error` for what writes a message, `error` for all else. */
export const errorEvents = { 'message-error': errorData, error: errorData } as const;
export type ErrorEvent = keyof typeof errorEvents;
