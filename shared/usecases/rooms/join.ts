import { conversationRoom } from '../../domain/connection.ts';
import { type Conversation, isActive, type Member, outlivingLeaving } from '../../domain/conversation.ts';
import { toConversation } from '../../domain/conversation-shape.ts';
import { mutedUntil } from '../../domain/permissions.ts';
import type { JoinWrite } from '../../domain/ports.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { Refusal } from '../../protocol/errors.ts';
import { fitItems, jsonBytes } from '../../protocol/frames.ts';
import { FRAME_MAX_BYTES, JOIN_ROSTER_MAX, JOINED_ROOMS_MAX, PAGE_DEFAULT } from '../../protocol/limits.ts';
import { outsider, requireMember } from '../access.ts';
import { requireConnection } from '../connections/live-connection.ts';
import type { Actor, Deps } from '../deps.ts';
import { readOnline } from '../presence/read-online.ts';
import { chargeRoom } from '../rate-limit.ts';
import { cutPage, readPage } from '../reading/log-page.ts';
import { readUnread } from '../reading/read-unread.ts';
import { retryConflicts } from '../retry-conflicts.ts';

/** Event, request id and punctuation, and all fields but the page and the two lists. */
const ENVELOPE_BYTES = 512;

/**
 * Subscribes this connection to a conversation and gives its page (JOIN-1 to JOIN-4). The subscription is committed
 * before the head is read, so whatever is committed later is pushed (JOIN-2); the member row is read last, so that
 * nobody reads past a removal (MEMB-3).
 */
export async function join(
  deps: Deps,
  actor: Actor,
  { conversationId, after }: CommandInput<'join'>,
): Promise<ReplyData<'join'>> {
  await chargeRoom(deps, actor.userId);
  await subscribe(deps, actor, conversationId);
  const { conversations, connections, log } = deps.stores;
  const page = await readPage(log, conversationId, actor.userId, {
    limit: PAGE_DEFAULT,
    ...(after !== undefined && { after }),
  });
  // After the page, so that it is no older than the head: a change that the page tells of may have been cut off.
  const [conversation, online, roster] = await Promise.all([
    conversations.conversation(conversationId),
    readOnline(connections, conversationRoom(conversationId), actor.userId, deps.clock.now()),
    conversations.memberPage(conversationId, { limit: JOIN_ROSTER_MAX }),
  ]);
  const member = await requireMember(conversations, conversationId, actor.userId, 'read', deps.clock.now());
  const unread = await readUnread(deps, member, page);
  // The user's own from the row that says what is unread, and first: a large room or a full frame cuts off the last.
  const others = roster.members.filter((other) => isActive(other) && other.userId !== member.userId);
  const marks = [member, ...others]
    .slice(0, JOIN_ROSTER_MAX)
    .map(({ userId, readSeq, deliveredSeq }) => ({ userId, readSeq, deliveredSeq }));
  const until = mutedUntil(member, deps.clock.now());
  const standing = { role: member.role, ...(until !== undefined && { mutedUntil: until }) };
  if (!conversation) throw outsider(undefined, undefined);
  const described = toConversation(conversation);
  const forward = after !== undefined;
  const first = forward ? page.entries.slice(0, 1) : page.entries.slice(-1);
  const free = FRAME_MAX_BYTES - ENVELOPE_BYTES - jsonBytes(described) - jsonBytes(conversationId);
  // The page's first entry must fit, so the lists get what that leaves; the page gets what the lists leave.
  const shownOnline = asManyAsFit(online, free - jsonBytes(first));
  const shownMarks = asManyAsFit(marks, free - jsonBytes(first) - jsonBytes(shownOnline));
  const lists = { online: shownOnline, marks: shownMarks };
  const cut = cutPage(page, free - jsonBytes(lists), forward);
  return { conversationId, success: true, conversation: described, ...standing, ...cut, ...unread, ...lists };
}

/** None if not even the first one fits. */
function asManyAsFit<T>(items: readonly T[], budgetBytes: number): T[] {
  return items.length === 0 || jsonBytes(items[0]) > budgetBytes ? [] : fitItems(items, budgetBytes);
}

/**
 * One transaction: subscription, the connection's list of rooms, and the membership, which joining a channel makes
 * (JOIN-3). Read again and tried again when the connection was refreshed or the membership changed in the meantime.
 */
async function subscribe(deps: Deps, actor: Actor, conversationId: string): Promise<void> {
  const { conversations, connections } = deps.stores;
  await retryConflicts(deps, 'join', async () => {
    const member = await conversations.member(conversationId, actor.userId);
    const becomes = isActive(member) ? undefined : await membershipByJoining(deps, actor, conversationId, member);
    const write: JoinWrite = {
      connection: await requireConnection(deps, actor),
      room: conversationRoom(conversationId),
      shard: 0,
      maxRooms: JOINED_ROOMS_MAX,
      ...(becomes && { becomes }),
    };
    switch (await connections.join(write)) {
      case 'joined':
        return true;
      case 'too-many-rooms':
        throw new Refusal('validation-failed', `a connection joins at most ${JOINED_ROOMS_MAX} conversations`, {
          details: [{ path: 'conversationId', message: 'leave another conversation first' }],
        });
      case 'connection-changed':
      case 'not-active':
      case 'conflict':
        return undefined;
    }
  });
}

/** The membership that joining a channel makes (JOIN-3). Throws for a banned user, and where one has to be added. */
async function membershipByJoining(deps: Deps, actor: Actor, conversationId: string, before: Member | undefined) {
  const conversation = await deps.stores.conversations.conversation(conversationId);
  if (conversation?.kind !== 'channel' || before?.state === 'banned') throw outsider(conversation, before);
  return { expected: before, next: await newMember(deps, conversation, actor, before) };
}

/** A user who joins a channel starts at its head, as a user who is added does (MEMB-0). */
async function newMember(deps: Deps, conversation: Conversation, actor: Actor, before?: Member): Promise<Member> {
  const { conversationId, kind } = conversation;
  const head = await deps.stores.log.head(conversationId);
  return {
    ...outlivingLeaving(before),
    ...{ conversationId, userId: actor.userId, kind, state: 'active', role: 'member' },
    joinedAt: new Date(deps.clock.now()).toISOString(),
    readSeq: Math.max(head?.seq ?? 0, before?.readSeq ?? 0),
    readN: Math.max(head?.n ?? 0, before?.readN ?? 0),
    deliveredSeq: Math.max(head?.seq ?? 0, before?.deliveredSeq ?? 0),
  };
}
