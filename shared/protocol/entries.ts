import * as z from 'zod';
import { clientId, conversationId, emoji, role, seq, time, userId } from './identifiers.ts';

/** `forwardedFrom`: where a forward was copied from if that is a channel, else empty (SEND-7). */
const forwardedFrom = z.object({
  conversationId: conversationId.optional(),
  seq: seq.optional(),
  senderId: userId.optional(),
});

const reactionCount = z.object({
  emoji,
  count: z.int().min(1),
  mine: z.boolean().describe('The reader is one of them'),
});

/** A message as it is on the wire, in a reply, a push or a page. `content` is absent from a tombstone. */
export const message = z.object({
  conversationId,
  seq,
  senderId: userId,
  type: z.literal('text'),
  content: z.string().optional().describe('Absent from a tombstone (EDIT-1)'),
  clientMessageId: clientId.optional().describe('As the sender chose it; matches a message to its send (SEND-5)'),
  createdAt: time,
  n: z.int().min(1).describe('Messages up to and including this entry, tombstones included'),
  rev: seq.describe('Seq of the last entry applied to this message (LOG-4)'),
  editedAt: time.optional(),
  deletedAt: time.optional().describe('Set: this is a tombstone'),
  replyTo: seq.optional().describe('The message that this one answers'),
  mentions: z.array(userId).optional(),
  reactions: z.array(reactionCount),
  forwardedFrom: forwardedFrom.optional().describe('Empty if the source is not a channel (SEND-7)'),
});

/** What every durable entry carries in its `data` ("Entries" in docs/protocol.md). */
const common = {
  conversationId,
  seq,
  at: time,
  n: z.int().min(0).describe('Messages up to and including this entry'),
};

const reaction = z.object({ targetSeq: seq, emoji, userId, count: z.int().min(0) });
const membership = z.object({ userId, role, by: userId });

/** The fields of each entry that is no message, beside the common ones. */
const changes = {
  'message-updated': z
    .object({
      targetSeq: seq,
      content: z.string().optional().describe('Only the newest edit of a message keeps it (EDIT-2)'),
      mentions: z.array(userId).optional().describe('All that are mentioned now; absent: as before (EDIT-1)'),
      updatedBy: userId,
    })
    .describe('A message has a new text'),
  'message-deleted': z
    .object({ targetSeq: seq, deletedBy: userId })
    .describe('A message was deleted; its place in the log stays'),
  'reaction-added': reaction.describe('A user reacted to a message; `count` is how many now use this emoji'),
  'reaction-removed': reaction.describe('A user took a reaction back; `count` is how many still use this emoji'),
  'member-joined': membership.describe('A user was added to a group. Joining a channel makes no entry (JOIN-3)'),
  'member-left': membership.describe(
    'A user left or was removed, with the role until then. In channels only by `remove-member`',
  ),
  'member-updated': z
    .object({
      userId,
      role: role.optional(),
      mutedUntil: time.nullable().optional(),
      banned: z.boolean().optional(),
      by: userId,
    })
    .describe('A role was given or taken, or a user was muted, banned, or is so no more'),
  'conversation-updated': z
    .object({
      changes: z.object({ name: z.string().optional(), slowModeSeconds: z.int().min(0).optional() }),
      by: userId,
    })
    .describe('The name or the slow mode changed; `changes` has the new values (CONV-2)'),
} as const;

type ChangeEvent = keyof typeof changes;
type With<More, Change> = Change extends z.ZodObject<infer Fields> ? z.ZodObject<More & Fields> : never;

const withCommon = Object.fromEntries(
  Object.entries(changes).map(([event, { shape, description = '' }]) => [
    event,
    z.object({ ...common, ...shape }).describe(description),
  ]),
) as { [E in ChangeEvent]: With<typeof common, (typeof changes)[E]> };

/** `data` of each durable entry's event. */
export const entryData = {
  'receive-message': message.describe('A message was sent. Its `createdAt` is the time of the entry'),
  ...withCommon,
} as const;

/** By event, `data` of the reply to a command that changed nothing: the entry's, but `seq`, `at` and `n` (RETRY-1). */
export const unchangedData = Object.fromEntries(
  Object.entries(changes).map(([event, { shape }]) => [
    event,
    z.object({ conversationId, ...shape, unchanged: z.literal(true) }),
  ]),
) as {
  [E in ChangeEvent]: With<
    { conversationId: typeof conversationId; unchanged: z.ZodLiteral<true> },
    (typeof changes)[E]
  >;
};

export type Message = z.infer<typeof message>;
export type EntryEvent = keyof typeof entryData;
export type EntryData<E extends EntryEvent> = z.infer<(typeof entryData)[E]>;
/** One durable entry as a push frame. */
export type EntryFrame = { [E in EntryEvent]: { event: E; data: EntryData<E> } }[EntryEvent];

/** The names of all durable entries. */
export const entryEvents = Object.keys(entryData) as EntryEvent[];

/** A durable entry's frame, checked by its own event's schema. */
export const entryFrame = z.union(
  entryEvents.map((event) => z.object({ event: z.literal(event), data: entryData[event] })),
) as z.ZodType<EntryFrame>;
