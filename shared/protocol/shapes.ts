import * as z from 'zod';
import { conversationId, kind, position, role, seq, status, time, userId } from './identifiers.ts';

export const conversation = z.object({
  conversationId,
  epoch: z.string().describe('Changes when the log is restored from a backup (LOG-6)'),
  kind,
  name: z.string().optional(),
  createdBy: userId,
  createdAt: time,
  slowModeSeconds: z.int().min(0).optional().describe('Absent: slow mode is off (CONV-2)'),
  userIds: z.array(userId).optional().describe('The two users of a direct conversation'),
});

export const member = z.object({
  userId,
  role,
  joinedAt: time,
  readSeq: position.describe('Has read up to here (READ-1)'),
  deliveredSeq: position.describe('Has received up to here (READ-1)'),
  mutedUntil: time.optional(),
  banned: z.boolean().optional(),
});

/** READ-2: what every reply has that says how much is unread. */
export const unreadCount = z.object({
  unread: z.int().min(0).describe('Messages after the own `readSeq` that are neither deleted nor one’s own (READ-2)'),
  unreadAtMost: z.literal(true).optional().describe('`unread` is an upper bound (READ-2)'),
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
  head: position.describe('Seq of the newest entry'),
  n: z.int().min(0).describe('Messages in the log, tombstones included'),
  ...unreadCount.shape,
  lastMessage: lastMessage.optional().describe('The newest message, also if it is a tombstone'),
});

export const presence = z.object({ userId, status });
export const mark = z.object({
  userId,
  readSeq: position.describe('Has read up to here (READ-1)'),
  deliveredSeq: position.describe('Has received up to here (READ-1)'),
});

export type Conversation = z.infer<typeof conversation>;
export type Member = z.infer<typeof member>;
export type LastMessage = z.infer<typeof lastMessage>;
export type UnreadCount = z.infer<typeof unreadCount>;
export type ListedConversation = z.infer<typeof listedConversation>;
export type Presence = z.infer<typeof presence>;
export type Mark = z.infer<typeof mark>;
