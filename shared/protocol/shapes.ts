import * as z from 'zod';
import { clientId, conversationId, emoji, kind, position, role, seq, status, time, userId } from './identifiers.ts';

/** `forwardedFrom`: where a forward was copied from if that is a channel, else empty (SEND-7). */
const forwardedFrom = z.object({
  conversationId: conversationId.optional(),
  seq: seq.optional(),
  senderId: userId.optional(),
});

const attachment = z.object({ id: z.string() });

const reactionCount = z.object({ emoji, count: z.int().min(1), mine: z.boolean() });

/** A message as it is on the wire, in a reply, a push or a page. `content` is absent from a tombstone. */
export const message = z.object({
  conversationId,
  seq,
  senderId: userId,
  type: z.literal('text'),
  content: z.string().optional(),
  clientMessageId: clientId.optional(),
  createdAt: time,
  n: z.int().min(1).describe('Messages up to and including this entry, tombstones included'),
  rev: seq.describe('Seq of the last entry applied to this message (LOG-4)'),
  editedAt: time.optional(),
  deletedAt: time.optional(),
  replyTo: seq.optional(),
  mentions: z.array(userId).optional(),
  reactions: z.array(reactionCount),
  forwardedFrom: forwardedFrom.optional(),
  attachments: z.array(attachment).optional(),
});

export const conversation = z.object({
  conversationId,
  epoch: z.string().describe('Changes when the log is restored from a backup (LOG-6)'),
  kind,
  name: z.string().optional(),
  createdBy: userId,
  createdAt: time,
  slowModeSeconds: z.int().min(0).optional(),
  userIds: z.array(userId).optional().describe('The two users of a direct conversation'),
});

export const member = z.object({
  userId,
  role,
  joinedAt: time,
  readSeq: position,
  deliveredSeq: position,
  mutedUntil: time.optional(),
  banned: z.boolean().optional(),
});

const lastMessage = z.object({
  seq,
  senderId: userId,
  createdAt: time,
  content: z.string().optional().describe('Cut to 100 code points'),
  deletedAt: time.optional(),
});

export const listedConversation = conversation.extend({
  role,
  head: position,
  n: z.int().min(0),
  unread: z.int().min(0),
  lastMessage: lastMessage.optional(),
});

export const presence = z.object({ userId, status });
export const mark = z.object({ userId, readSeq: position, deliveredSeq: position });

export type Message = z.infer<typeof message>;
export type Conversation = z.infer<typeof conversation>;
export type Member = z.infer<typeof member>;
export type LastMessage = z.infer<typeof lastMessage>;
export type ListedConversation = z.infer<typeof listedConversation>;
export type Presence = z.infer<typeof presence>;
export type Mark = z.infer<typeof mark>;
