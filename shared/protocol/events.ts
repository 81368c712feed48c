import * as z from 'zod';
import { type EntryEvent, entryData, unchangedData } from './entries.ts';
import { errorData } from './errors.ts';
import { conversationId, position, role, status, time, userId } from './identifiers.ts';
import { conversation, listedConversation, mark, member, message, presence } from './shapes.ts';

/** RETRY-1: set when the command changed nothing; the entry's `seq`, `at` and `n` are then absent. */
const unchanged = z.literal(true).optional();

/** A command that appends is answered with its entry, or with the state as it is and `unchanged: true` (RETRY-1). */
const orUnchanged = <E extends Exclude<EntryEvent, 'receive-message'>>(event: E) =>
  z.union([entryData[event], unchangedData(event)]);

const page = {
  entries: z
    .array(z.looseObject({ event: z.string(), data: z.looseObject({}) }))
    .describe('Entries as push frames, ascending'),
  head: position,
  hasMore: z.boolean(),
};

/** `data` of every reply, by action. A reply also carries the command's `requestId`, if it had one. */
export const replies = {
  'send-message': { event: 'message-sent', data: message.extend({ duplicate: z.literal(true).optional() }) },
  join: {
    event: 'joined-conversation',
    data: z.object({
      conversationId,
      success: z.literal(true),
      conversation,
      role,
      ...page,
      online: z.array(presence),
      marks: z.array(mark),
    }),
  },
  leave: { event: 'left-conversation', data: z.object({ conversationId, success: z.literal(true) }) },
  ping: {
    event: 'pong',
    data: z.object({
      at: time,
      userId,
      expiresAt: time,
      protocol: z.literal('chat.v1'),
      behind: z.array(z.object({ conversationId, head: position })),
    }),
  },
  'refresh-token': { event: 'token-refreshed', data: z.object({ expiresAt: time }) },
  'create-conversation': { event: 'conversation-created', data: conversation.extend({ unchanged }) },
  'list-conversations': {
    event: 'conversations',
    data: z.object({ items: z.array(listedConversation), cursor: z.string().optional() }),
  },
  'list-members': { event: 'members', data: z.object({ items: z.array(member), cursor: z.string().optional() }) },
  history: { event: 'history', data: z.object({ conversationId, ...page }) },
  'edit-message': { event: 'message-updated', data: orUnchanged('message-updated') },
  'delete-message': { event: 'message-deleted', data: orUnchanged('message-deleted') },
  'add-reaction': { event: 'reaction-added', data: orUnchanged('reaction-added') },
  'remove-reaction': { event: 'reaction-removed', data: orUnchanged('reaction-removed') },
  mark: {
    event: 'marked',
    data: z.object({ conversationId, readSeq: position, deliveredSeq: position, unread: z.int().min(0) }),
  },
  'add-member': { event: 'member-joined', data: orUnchanged('member-joined') },
  'remove-member': { event: 'member-left', data: orUnchanged('member-left') },
  'update-member': { event: 'member-updated', data: orUnchanged('member-updated') },
  'update-conversation': { event: 'conversation-updated', data: orUnchanged('conversation-updated') },
  'set-status': { event: 'status-set', data: z.object({ status }) },
} as const;

/** A successful `typing` gets no reply (ENV-4). */
export type ReplyingAction = keyof typeof replies;
export type ReplyData<A extends ReplyingAction> = z.input<(typeof replies)[A]['data']>;

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
