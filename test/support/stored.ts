import { randomUUID } from 'node:crypto';
import {
  type Connection,
  conversationRoom,
  type PresenceRow,
  type Room,
  type Subscription,
  userRoom,
} from '../../shared/domain/connection.ts';
import type { Conversation, Member } from '../../shared/domain/conversation.ts';
import type { EntryBody, EntryHeader, MessageEntry } from '../../shared/domain/entry.ts';

/** Builders for what is stored. They are valid by default, so a test names only what it is about. */

export const NOW_MS = Date.parse('2026-11-22T12:00:00.000Z');
const AT = new Date(NOW_MS).toISOString();

/** An id that no other test uses. */
export function unique(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 13)}`;
}

export function aConversation(fields: Partial<Conversation> = {}): Conversation {
  return {
    conversationId: unique('c'),
    epoch: 'e1',
    kind: 'group',
    name: 'Tea room',
    createdBy: 'ann',
    createdAt: AT,
    initial: { owners: 1, members: 1 },
    ...fields,
  };
}

export function aMember(fields: Partial<Member> & Pick<Member, 'conversationId'>): Member {
  return {
    userId: 'ann',
    kind: 'group',
    state: 'active',
    role: 'member',
    joinedAt: AT,
    readSeq: 0,
    readN: 0,
    deliveredSeq: 0,
    ...fields,
  };
}

export function aMessage(fields: Partial<MessageEntry> & Pick<EntryHeader, 'conversationId' | 'seq'>): MessageEntry {
  const { seq } = fields;
  return { ...header(fields), kind: 'receive-message', content: `message ${seq}`, rev: seq, reactions: [], ...fields };
}

export function anEntry<Body extends EntryBody>(
  place: Pick<EntryHeader, 'conversationId' | 'seq'>,
  body: Body,
): EntryHeader & Body {
  return { ...header(place), ...body };
}

/** A connection that has only its user room, valid for an hour. */
export function aConnection(fields: Partial<Connection> = {}): Connection {
  const userId = fields.userId ?? unique('user');
  return {
    connectionId: `${unique('k')}=`,
    userId,
    tokenExpiresAt: NOW_MS + 3_540_000,
    connectedAt: NOW_MS,
    expiresAt: NOW_MS + 3_600_000,
    rooms: [{ room: userRoom(userId), shard: 0 }],
    ...fields,
  };
}

export function aSubscription(connection: Connection, room: Room, shard = 0): Subscription {
  const { userId, connectionId, connectedAt, expiresAt } = connection;
  return { room, shard, userId, connectionId, connectedAt, expiresAt };
}

export function aPresence(fields: Partial<PresenceRow> = {}): PresenceRow {
  return {
    room: conversationRoom(unique('c')),
    userId: 'ann',
    online: true,
    status: 'online',
    version: 1,
    lastSeenAt: NOW_MS,
    expiresAt: NOW_MS + 86_400_000,
    ...fields,
  };
}

function header({ conversationId, seq }: Pick<EntryHeader, 'conversationId' | 'seq'>): EntryHeader {
  return {
    conversationId,
    seq,
    at: AT,
    senderId: 'ann',
    senderTat: NOW_MS + 200,
    requestId: `request-${seq}`,
    origin: 'k1=',
    n: seq,
    lastMessageSeq: seq,
    owners: 1,
    members: 1,
    slowModeSeconds: 0,
    tat: NOW_MS + 20,
  };
}
