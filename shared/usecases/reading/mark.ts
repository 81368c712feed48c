import { conversationRoom, userRoom } from '../../domain/connection.ts';
import type { Entry } from '../../domain/entry.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { RECEIPT_ROOM_MAX } from '../../protocol/limits.ts';
import { outsider, requireMember } from '../access.ts';
import type { Actor, Deps } from '../deps.ts';
import { readUnread } from './read-unread.ts';

/**
 * READ-1: raises the reader's marks, clamped to the head, and tells the room if that moved them. Whether they moved or
 * not, the reply says how they are and what is unread then (READ-2); nothing is written per recipient.
 */
export async function mark(deps: Deps, actor: Actor, input: CommandInput<'mark'>): Promise<ReplyData<'mark'>> {
  const { conversations, log } = deps.stores;
  const { conversationId } = input;
  const { userId } = actor;
  const before = await requireMember(conversations, conversationId, userId, 'mark', deps.clock.now());
  const head = await log.head(conversationId);
  const end = { head: head?.seq ?? 0, n: head?.n ?? 0 };
  const readSeq = Math.max(before.readSeq, Math.min(input.readSeq ?? 0, end.head));
  const deliveredSeq = Math.max(before.deliveredSeq, Math.min(input.deliveredSeq ?? 0, end.head), readSeq);
  if (readSeq === before.readSeq && deliveredSeq === before.deliveredSeq) {
    return { conversationId, readSeq, deliveredSeq, head: end.head, ...(await readUnread(deps, before, end)) };
  }
  const readN = readSeq === before.readSeq ? before.readN : await messagesUpTo(deps, conversationId, readSeq, head);
  const raised = await conversations.raiseMarks(conversationId, userId, { readSeq, readN, deliveredSeq });
  if (!raised) throw outsider(await conversations.conversation(conversationId), undefined);
  const marks = { readSeq: raised.readSeq, deliveredSeq: raised.deliveredSeq };
  const delivering = deps.deliver([
    {
      rooms: [conversationRoom(conversationId), userRoom(userId)],
      frames: [{ event: 'receipt', data: { conversationId, userId, ...marks } }],
      except: actor.connectionId,
      maxConnections: RECEIPT_ROOM_MAX,
    },
  ]);
  const [unread] = await Promise.all([readUnread(deps, raised, end), delivering]);
  return { conversationId, ...marks, head: end.head, ...unread };
}

async function messagesUpTo(deps: Deps, conversationId: string, seq: number, head: Entry | undefined): Promise<number> {
  const entry = head?.seq === seq ? head : await deps.stores.log.entry(conversationId, seq);
  if (!entry) throw new Error(`no entry ${seq} below the head of a log`);
  return entry.n;
}
