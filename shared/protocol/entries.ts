import * as z from 'zod';
import { conversationId, emoji, role, seq, time, userId } from './identifiers.ts';
import { message } from './shapes.ts';

/** What every durable entry carries in its `data` ("Entries" in docs/protocol.md). */
const common = {
  conversationId,
  seq,
  at: time,
  n: z.int().min(0).describe('Messages up to and including this entry'),
};

const reaction = { targetSeq: seq, emoji, userId, count: z.int().min(0) };
const membership = { userId, role, by: userId };

/** The fields of each entry that is no message, beside the common ones. */
const fields = {
  'message-updated': {
    targetSeq: seq,
    content: z.string().optional().describe('Only the newest edit of a message keeps it (EDIT-2)'),
    updatedBy: userId,
  },
  'message-deleted': { targetSeq: seq, deletedBy: userId },
  'reaction-added': reaction,
  'reaction-removed': reaction,
  'member-joined': membership,
  'member-left': membership,
  'member-updated': {
    userId,
    role: role.optional(),
    mutedUntil: time.nullable().optional(),
    banned: z.boolean().optional(),
    by: userId,
  },
  'conversation-updated': {
    changes: z.object({ name: z.string().optional(), slowModeSeconds: z.int().min(0).optional() }),
    by: userId,
  },
} as const;

/** `data` of each durable entry's event. */
export const entryData = {
  'receive-message': message.describe('A message was sent. Its `createdAt` is the time of the entry'),
  'message-updated': z.object({ ...common, ...fields['message-updated'] }).describe('A message has a new text'),
  'message-deleted': z
    .object({ ...common, ...fields['message-deleted'] })
    .describe('A message was deleted; its place in the log stays'),
  'reaction-added': z
    .object({ ...common, ...fields['reaction-added'] })
    .describe('A user reacted to a message; `count` is how many now use this emoji'),
  'reaction-removed': z
    .object({ ...common, ...fields['reaction-removed'] })
    .describe('A user took a reaction back; `count` is how many still use this emoji'),
  'member-joined': z
    .object({ ...common, ...fields['member-joined'] })
    .describe('A user was added to a group. Joining a channel makes no entry (JOIN-3)'),
  'member-left': z
    .object({ ...common, ...fields['member-left'] })
    .describe('A user left or was removed, with the role until then. In channels only by `remove-member`'),
  'member-updated': z
    .object({ ...common, ...fields['member-updated'] })
    .describe('A role was given or taken, or a user was muted, banned, or is so no more'),
  'conversation-updated': z
    .object({ ...common, ...fields['conversation-updated'] })
    .describe('The name or the slow mode changed; `changes` has the new values (CONV-2)'),
} as const;

/** The reply to a command that changed nothing: the entry's fields, but `seq`, `at` and `n` (RETRY-1). */
export function unchangedData<E extends keyof typeof fields>(event: E) {
  return z.object({ conversationId, ...fields[event], unchanged: z.literal(true) });
}

export type EntryEvent = keyof typeof entryData;

/** One durable entry as a push frame. */
export type EntryFrame = {
  [E in EntryEvent]: { event: E; data: z.infer<(typeof entryData)[E]> };
}[EntryEvent];

const entryEvents = Object.keys(entryData) as EntryEvent[];

/** A durable entry's frame, checked by its own event's schema. */
export const entryFrame = z.discriminatedUnion(
  'event',
  entryEvents.map((event) => z.object({ event: z.literal(event), data: entryData[event] })) as unknown as [
    z.ZodObject<{ event: z.ZodLiteral<'receive-message'>; data: typeof message }>,
  ],
) as unknown as z.ZodType<EntryFrame>;
