import { createHash } from 'node:crypto';
import { type Conversation, isActive, type Member } from '../../domain/conversation.ts';
import { toConversation } from '../../domain/conversation-shape.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { Refusal } from '../../protocol/errors.ts';
import type { Role } from '../../protocol/identifiers.ts';
import { outsider } from '../access.ts';
import type { Actor, Deps } from '../deps.ts';

type Input = CommandInput<'create-conversation'>;

/**
 * Creates a conversation with its first members, all or nothing, without entries (CONV-1). The id is chosen (channels)
 * or follows from who asks for what: so a second try, or the other user of a direct conversation at the same time, gets
 * the same one.
 */
export async function createConversation(
  deps: Deps,
  actor: Actor,
  input: Input,
): Promise<ReplyData<'create-conversation'>> {
  const others = input.members ?? [];
  if (others.includes(actor.userId)) {
    const details = [{ path: 'members', message: 'must not name yourself' }];
    throw new Refusal('validation-failed', 'you are a member anyway', { details });
  }
  const conversation = describe(input, actor, others, deps);
  const members = [actor.userId, ...others].map((userId) => firstMember(conversation, userId, actor));
  if (await deps.stores.conversations.create(conversation, members)) return toConversation(conversation);
  return answerExisting(deps, actor, conversation);
}

function describe(input: Input, actor: Actor, others: readonly string[], deps: Deps): Conversation {
  const name = 'name' in input ? input.name : undefined;
  return {
    conversationId: conversationIdOf(input, actor, others),
    epoch: deps.newId().slice(0, 8),
    kind: input.kind,
    ...(name !== undefined && { name }),
    createdBy: actor.userId,
    createdAt: new Date(deps.clock.now()).toISOString(),
    ...(input.kind === 'direct' && { userIds: [actor.userId, ...others].sort() }),
    initial: { owners: input.kind === 'direct' ? 0 : 1, members: 1 + others.length },
  };
}

/** A derived id contains a colon, which a chosen one cannot. */
function conversationIdOf(input: Input, actor: Actor, others: readonly string[]): string {
  if (input.kind === 'channel' && input.conversationId !== undefined) return input.conversationId;
  if (input.kind === 'direct') return derivedId('direct', [actor.userId, ...others].sort());
  return derivedId(input.kind, [actor.userId, input.clientRequestId ?? actor.requestId]);
}

function derivedId(kind: string, parts: readonly string[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, ...parts]))
    .digest('base64url');
  return `${kind[0]}:${digest.slice(0, 32)}`;
}

function firstMember(
  { conversationId, kind, createdAt, createdBy }: Conversation,
  userId: string,
  actor: Actor,
): Member {
  const role: Role = kind !== 'direct' && userId === createdBy ? 'owner' : 'member';
  return {
    ...{ conversationId, userId, kind, state: 'active', role, joinedAt: createdAt },
    ...{ readSeq: 0, readN: 0, deliveredSeq: 0 },
    ...(userId === actor.userId && { origin: actor.connectionId }),
  };
}

/**
 * RETRY-1: it is no error to create one's own conversation again, or a direct one that the other user made. Only
 * members are told what it is like now: a creator who was removed learns nothing of what came after (MEMB-3), and one
 * who was banned from a channel hears of the ban.
 */
async function answerExisting(
  deps: Deps,
  actor: Actor,
  wanted: Conversation,
): Promise<ReplyData<'create-conversation'>> {
  const { conversations } = deps.stores;
  const found = await conversations.conversation(wanted.conversationId);
  const same = found?.kind === wanted.kind && (found.kind === 'direct' || found.createdBy === actor.userId);
  if (!found || !same) throw taken();
  const member = await conversations.member(wanted.conversationId, actor.userId);
  if (member?.state === 'banned' && found.kind === 'channel') throw outsider(found, member);
  if (!isActive(member) && found.kind !== 'channel') throw taken();
  return { ...toConversation(found), unchanged: true };
}

function taken(): Refusal {
  return new Refusal('conflict', 'there is a conversation of this id');
}
