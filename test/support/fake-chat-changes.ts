import type { EntryFrame } from '../../client/src/protocol.ts';
import { Refusal } from '../../shared/protocol/errors.ts';
import type { FakeFrame } from './fake-chat-connection.ts';
import type { FakeLog } from './fake-chat-log.ts';

/** The fields of the commands that change a message. */
export interface ChangeFields {
  readonly seq: number;
  readonly content?: string;
  readonly mentions?: string[];
  readonly emoji?: string;
}

/** What a command that changes a message appends, or its reply if it changes nothing (RETRY-1). */
export function changeOf(
  log: FakeLog,
  action: 'edit-message' | 'delete-message' | 'add-reaction' | 'remove-reaction',
  { seq: targetSeq, content, mentions, emoji = '' }: ChangeFields,
  userId: string,
  at: string,
): { readonly entry: EntryFrame } | { readonly reply: FakeFrame } {
  const target = log.messages.get(targetSeq);
  if (!target) throw new Refusal('message-not-found', 'there is no such message');
  const { conversationId } = log.info;
  const reactions = log.reactions.get(targetSeq) ?? new Set();
  log.reactions.set(targetSeq, reactions);
  const mine = `${userId} ${emoji}`;
  const base = { conversationId, targetSeq };
  const common = { ...base, seq: log.entries.length + 1, at, n: log.entries.at(-1)?.data.n ?? 0 };
  const unchanged = (event: string, data: object) => ({
    reply: { event, data: { ...base, ...data, unchanged: true } },
  });
  if (action === 'delete-message') {
    if (target.deletedAt !== undefined) return unchanged('message-deleted', { deletedBy: userId });
    return { entry: { event: 'message-deleted', data: { ...common, deletedBy: userId } } };
  }
  if (target.deletedAt !== undefined) throw new Refusal('conflict', 'the message is deleted');
  if (action === 'edit-message') {
    if (target.senderId !== userId) throw new Refusal('forbidden', 'it is not yours');
    if (target.content === content && !mentions) return unchanged('message-updated', { content, updatedBy: userId });
    const data = { ...common, content: content as string, ...(mentions && { mentions }), updatedBy: userId };
    return { entry: { event: 'message-updated', data } };
  }
  const adds = action === 'add-reaction';
  const event = adds ? 'reaction-added' : 'reaction-removed';
  const before = target.reactions.find((each) => each.emoji === emoji)?.count ?? 0;
  if (reactions.has(mine) === adds) return unchanged(event, { emoji, userId, count: before });
  if (adds) reactions.add(mine);
  else reactions.delete(mine);
  return { entry: { event, data: { ...common, emoji, userId, count: before + (adds ? 1 : -1) } } };
}
