import { isActive, type Member, outlivingLeaving } from '../../domain/conversation.ts';
import type { BodyOf } from '../../domain/entry.ts';
import type { LogTail } from '../../domain/log-tail.ts';
import { moderating, requireMay } from '../../domain/permissions.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { Refusal } from '../../protocol/errors.ts';
import { GROUP_MEMBERS_MAX } from '../../protocol/limits.ts';
import { append } from '../append.ts';
import type { Actor, Deps } from '../deps.ts';
import { entryReply } from '../entry-reply.ts';
import { unsubscribeUser } from './unsubscribe-user.ts';

/** A direct conversation takes no member commands (CONV-1). */
function requireNotDirect(sender: Member): void {
  if (sender.kind === 'direct') throw new Refusal('conflict', 'a direct conversation has its two users for good');
}

/** A conversation is never left without an owner (MEMB-2). */
function requireAnotherOwner(tail: LogTail): void {
  if (tail.running.owners <= 1) throw new Refusal('conflict', 'the last owner must name another first');
}

/** Adds a user to a group (MEMB-0). If the user is a member already, nothing changes. */
export async function addMember(
  deps: Deps,
  actor: Actor,
  { conversationId, userId, role = 'member' }: CommandInput<'add-member'>,
): Promise<ReplyData<'add-member'>> {
  const result = await append<Member | undefined, ReplyData<'add-member'>>(deps, actor, {
    conversationId,
    rows: () => deps.stores.conversations.member(conversationId, userId),
    decide: ({ sender, tail, rows: subject, nowMs }) => {
      if (sender.kind !== 'group') throw new Refusal('conflict', 'members are added to groups only');
      requireMay(sender, 'add-member', nowMs);
      if (isActive(subject)) {
        return { answer: { conversationId, userId, role: subject.role, by: actor.userId, unchanged: true } };
      }
      if (role !== 'member') requireMay(sender, 'change-role', nowMs);
      if (subject?.state === 'banned') throw new Refusal('conflict', 'the user is banned');
      if (tail.running.members >= GROUP_MEMBERS_MAX) {
        throw new Refusal('conflict', `a group has at most ${GROUP_MEMBERS_MAX} members`);
      }
      return {
        draft: {
          body: { kind: 'member-joined', userId, role },
          changes: (seq, joinedAt, n) => [
            {
              type: 'member',
              expected: subject,
              next: {
                ...outlivingLeaving(subject),
                ...{ conversationId, userId, kind: sender.kind, state: 'active', role, joinedAt },
                ...{ readSeq: seq, readN: n, deliveredSeq: seq },
              },
            },
          ],
          running: runningAfter(sender, tail, { owners: role === 'owner' ? 1 : 0, members: 1 }),
        },
      };
    },
  });
  return entryReply(result, 'member-joined');
}

/** Ends a membership, the actor's own or another user's (MEMB-2), and its delivery before the reply (MEMB-3). */
export async function removeMember(
  deps: Deps,
  actor: Actor,
  { conversationId, userId }: CommandInput<'remove-member'>,
): Promise<ReplyData<'remove-member'>> {
  const result = await append<Member | undefined, ReplyData<'remove-member'>>(deps, actor, {
    conversationId,
    rows: (_tail, sender) => subjectOf(deps, sender, userId),
    decide: ({ sender, tail, rows: subject, nowMs }) => {
      requireNotDirect(sender);
      const own = userId === actor.userId;
      requireMay(sender, own ? 'leave' : moderating(subject?.role ?? 'member'), nowMs);
      if (!subject) throw new Refusal('user-not-found', 'the user is not a member');
      const { role } = subject;
      if (!isActive(subject)) return { answer: { conversationId, userId, role, by: actor.userId, unchanged: true } };
      if (role === 'owner') requireAnotherOwner(tail);
      return {
        draft: {
          body: { kind: 'member-left', userId, role },
          changes: () => [{ type: 'member', expected: subject, next: { ...subject, state: 'left', role: 'member' } }],
          running: runningAfter(sender, tail, { owners: role === 'owner' ? -1 : 0, members: -1 }),
        },
      };
    },
  });
  await unsubscribeUser(deps, conversationId, userId);
  return entryReply(result, 'member-left');
}

/** Changes a role, mutes, bans, or takes any of it back (MEMB-2); a ban ends delivery before the reply (MEMB-3). */
export async function updateMember(
  deps: Deps,
  actor: Actor,
  input: CommandInput<'update-member'>,
): Promise<ReplyData<'update-member'>> {
  const { conversationId, userId } = input;
  const result = await append<Member | undefined, ReplyData<'update-member'>>(deps, actor, {
    conversationId,
    rows: (_tail, sender) => subjectOf(deps, sender, userId),
    decide: ({ sender, tail, rows: subject, nowMs }) => {
      requireNotDirect(sender);
      requireMay(sender, input.role === undefined ? moderating(subject?.role ?? 'member') : 'change-role', nowMs);
      if (!subject) throw new Refusal('user-not-found', 'the user is not a member');
      // A ban may carry a mute, and after it the subject is not a member: a second try must find nothing changed.
      const onlyMembers = input.role !== undefined || (input.mutedUntil !== undefined && input.banned === undefined);
      if (onlyMembers && !isActive(subject)) throw new Refusal('user-not-found', 'the user is not a member');
      const body = updateBody(input, userId);
      const next = rowAfter(subject, input);
      if (sameStanding(subject, next)) {
        return { answer: { ...body, conversationId, by: actor.userId, unchanged: true } };
      }
      const wasOwner = isActive(subject) && subject.role === 'owner';
      const isOwner = isActive(next) && next.role === 'owner';
      if (wasOwner && !isOwner) requireAnotherOwner(tail);
      return {
        draft: {
          body: { kind: 'member-updated', ...body },
          changes: () => [{ type: 'member', expected: subject, next }],
          running: runningAfter(sender, tail, {
            owners: Number(isOwner) - Number(wasOwner),
            members: Number(isActive(next)) - Number(isActive(subject)),
          }),
        },
      };
    },
  });
  if (input.banned) await unsubscribeUser(deps, conversationId, userId);
  return entryReply(result, 'member-updated');
}

/** The subject's row. The sender's own was read already, in the same attempt. */
async function subjectOf(deps: Deps, sender: Member, userId: string): Promise<Member | undefined> {
  return sender.userId === userId ? sender : deps.stores.conversations.member(sender.conversationId, userId);
}

/** The running numbers after a change. Joining a channel makes no entry, so members are counted in groups only. */
function runningAfter(
  { kind }: Member,
  { running }: LogTail,
  by: { readonly owners: number; readonly members: number },
) {
  return { owners: running.owners + by.owners, members: running.members + (kind === 'group' ? by.members : 0) };
}

function updateBody(
  { role, mutedUntil, banned }: CommandInput<'update-member'>,
  userId: string,
): Omit<BodyOf<'member-updated'>, 'kind'> {
  return {
    userId,
    ...(role !== undefined && { role }),
    ...(mutedUntil !== undefined && { mutedUntil }),
    ...(banned !== undefined && { banned }),
  };
}

/** The row after the update. A banned user is not a member any more; after an unban the user is one who has left. */
function rowAfter(subject: Member, { role, mutedUntil, banned }: CommandInput<'update-member'>): Member {
  const { mutedUntil: before, ...rest } = subject;
  const muted = mutedUntil === undefined ? before : (mutedUntil ?? undefined);
  const standing = { ...rest, ...(muted !== undefined && { mutedUntil: muted }), role: role ?? subject.role };
  if (banned === true) return { ...standing, state: 'banned', role: 'member' };
  if (banned === false && subject.state === 'banned') return { ...standing, state: 'left' };
  return standing;
}

function sameStanding(a: Member, b: Member): boolean {
  return a.state === b.state && a.role === b.role && a.mutedUntil === b.mutedUntil;
}
