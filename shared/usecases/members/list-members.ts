import type { Member } from '../../domain/conversation.ts';
import { toMember } from '../../domain/conversation-shape.ts';
import { roleMay } from '../../domain/permissions.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { fitItems } from '../../protocol/frames.ts';
import { FRAME_MAX_BYTES, MEMBERS_LIMIT_MAX } from '../../protocol/limits.ts';
import { requireMember } from '../access.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Actor, Deps } from '../deps.ts';

/** Event, request id, cursor and punctuation. */
const ENVELOPE_BYTES = 1_024;
/** Rows of users who left are passed over. A page reads so many times at most; then its cursor goes on from there. */
const READS_MAX = 5;

/** The members in order of their keys; the banned are shown to admins and owners only (MEMB-0). */
export async function listMembers(
  deps: Deps,
  actor: Actor,
  { conversationId, limit = MEMBERS_LIMIT_MAX, cursor }: CommandInput<'list-members'>,
): Promise<ReplyData<'list-members'>> {
  const { conversations } = deps.stores;
  const mayRead = () => requireMember(conversations, conversationId, actor.userId, 'read', deps.clock.now());
  const { role } = await mayRead();
  const shown = (member: Member) =>
    member.state === 'active' || (member.state === 'banned' && roleMay(role, 'moderate-member'));
  const scope = ['members', actor.userId, conversationId];
  let next = cursor === undefined ? undefined : decodeCursor(scope, cursor);
  const items: ReturnType<typeof toMember>[] = [];
  for (let reads = 0; reads < READS_MAX && items.length < limit; reads += 1) {
    const page = await conversations.memberPage(conversationId, {
      limit: limit - items.length,
      ...(next !== undefined && { after: next }),
    });
    items.push(...page.members.filter(shown).map(toMember));
    next = page.next;
    if (next === undefined) break;
  }
  await mayRead();
  const fitting = fitItems(items, FRAME_MAX_BYTES - ENVELOPE_BYTES);
  const last = fitting.length < items.length ? fitting.at(-1)?.userId : next;
  return { items: fitting, ...(last !== undefined && { cursor: encodeCursor(scope, last) }) };
}
