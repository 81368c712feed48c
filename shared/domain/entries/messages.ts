import * as z from 'zod';
import { ALL, STAFF } from '../roles.ts';
import { count, entryKind, place, storedTime } from './entry-kind.ts';

/** Where a forward came from: all of it if the source is a channel, else nothing (SEND-7). */
const forwardedFrom = z.object({
  conversationId: z.string().optional(),
  seq: count.optional(),
  senderId: z.string().optional(),
});

/** A message's own entry also holds its current state: every later change of it rewrites these fields. */
const message = z.object({
  /** Absent from a tombstone. */
  content: z.string().optional(),
  /** Seq of the last entry applied to this message. */
  rev: count,
  /** Seq of the newest edit, whose entry still holds the text (EDIT-2). */
  editSeq: count.optional(),
  editedAt: storedTime.optional(),
  deletedAt: storedTime.optional(),
  deletedBy: z.string().optional(),
  replyTo: count.optional(),
  mentions: z.array(z.string()).optional(),
  reactions: z.array(z.object({ emoji: z.string(), count })).default([]),
  forwardedFrom: forwardedFrom.optional(),
});

/**
 * EDIT-1: what a deletion makes of a message. Every field goes, one that is added to the schema too; the header stays, and
 * with it the place, the sender and the time.
 */
export function tombstone(rev: number, deletedAt: string, deletedBy: string) {
  const gone = Object.fromEntries(Object.keys(message.shape).map((field) => [field, undefined]));
  return { ...gone, reactions: [], rev, deletedAt, deletedBy };
}

export const messageKinds = {
  'receive-message': entryKind('receive-message', {
    body: message,
    data: (entry, mine) => ({
      conversationId: entry.conversationId,
      seq: entry.seq,
      senderId: entry.senderId,
      type: 'text' as const,
      content: entry.content,
      clientMessageId: entry.clientMessageId,
      createdAt: entry.at,
      n: entry.n,
      rev: entry.rev,
      editedAt: entry.editedAt,
      deletedAt: entry.deletedAt,
      replyTo: entry.replyTo,
      mentions: entry.mentions,
      reactions: entry.reactions.map(({ emoji, count }) => ({ emoji, count, mine: mine.has(emoji) })),
      forwardedFrom: entry.forwardedFrom,
    }),
    unsent: ['editSeq', 'deletedBy'],
    permissions: { send: { allows: 'send messages', roles: ALL } },
  }),
  'message-updated': entryKind('message-updated', {
    body: z.object({
      targetSeq: count,
      /** Only the newest edit of a message keeps it (EDIT-2). */
      content: z.string().optional(),
      /** All that the message mentions after it; goes with `content`. */
      mentions: z.array(z.string()).optional(),
    }),
    data: (entry) => ({
      ...place(entry),
      targetSeq: entry.targetSeq,
      content: entry.content,
      mentions: entry.mentions,
      updatedBy: entry.senderId,
    }),
    permissions: { 'edit-own': { allows: 'edit one’s own messages', roles: ALL } },
  }),
  'message-deleted': entryKind('message-deleted', {
    body: z.object({ targetSeq: count }),
    data: (entry) => ({ ...place(entry), targetSeq: entry.targetSeq, deletedBy: entry.senderId }),
    exemptFromRate: true,
    permissions: {
      'delete-own': { allows: 'delete one’s own messages', roles: ALL, whileMuted: true },
      'delete-other': { allows: 'delete the messages of others', roles: STAFF },
    },
  }),
};
