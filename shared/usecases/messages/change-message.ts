import { isDeepStrictEqual } from 'node:util';
import { tombstone } from '../../domain/entries/messages.ts';
import type { MessageEntry } from '../../domain/entry.ts';
import { requireMay } from '../../domain/permissions.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { Refusal } from '../../protocol/errors.ts';
import { isSameText } from '../../protocol/text.ts';
import { append } from '../append.ts';
import type { Actor, Deps } from '../deps.ts';
import { entryReply } from '../entry-reply.ts';
import { mentionedMembers } from './mentioned-members.ts';
import { readTarget, requireNotDeleted, requireTarget } from './target-message.ts';

interface EditRows {
  readonly target: MessageEntry | undefined;
  readonly mentions: readonly string[] | undefined;
}

/**
 * Whom the message mentions after an edit (EDIT-1), as its entry says it. An entry loses its mentions with its text
 * (EDIT-2), so each says all of them: a copy that never saw the edit before learns them from this one. Only of a message
 * that never had any is there nothing to say.
 */
function mentionsAfter(target: MessageEntry, given: readonly string[] | undefined): readonly string[] | undefined {
  return given ?? target.mentions ?? (target.editSeq === undefined ? undefined : []);
}

/** The text of the edit before this one, which EDIT-2 takes away. */
function stripPreviousEdit(target: MessageEntry) {
  return target.editSeq === undefined ? [] : [{ type: 'strip-edit', seq: target.editSeq } as const];
}

/** EDIT-1: authors edit. The same text with the same mentions again changes nothing. */
export async function editMessage(
  deps: Deps,
  actor: Actor,
  { conversationId, seq, content, mentions }: CommandInput<'edit-message'>,
): Promise<ReplyData<'edit-message'>> {
  const result = await append<EditRows, ReplyData<'edit-message'>>(deps, actor, {
    conversationId,
    rows: async () => {
      const [target, named] = await Promise.all([
        readTarget(deps.stores.log, conversationId, seq),
        mentionedMembers(deps, conversationId, mentions),
      ]);
      return { target, mentions: named };
    },
    decide: ({ sender, rows, nowMs }) => {
      const target = requireTarget(rows.target);
      if (target.senderId !== actor.userId) throw new Refusal('forbidden', 'only its author may edit a message');
      requireMay(sender, 'edit-own', nowMs);
      requireNotDeleted(target);
      const after = mentionsAfter(target, rows.mentions);
      const named = after && { mentions: [...after] };
      if (isSameText(target.content, content) && isDeepStrictEqual(after ?? [], target.mentions ?? [])) {
        const asked = mentions && named;
        const state = { conversationId, targetSeq: seq, content: target.content, ...asked, updatedBy: target.senderId };
        return { answer: { ...state, unchanged: true } };
      }
      const shown = after && { mentions: after.length > 0 ? after : undefined };
      const set = (editSeq: number, editedAt: string) => ({ content, ...shown, rev: editSeq, editSeq, editedAt });
      return {
        draft: {
          body: { kind: 'message-updated', targetSeq: seq, content, ...named },
          changes: (editSeq, at) => [
            { type: 'message', seq, expectedRev: target.rev, set: set(editSeq, at) },
            ...stripPreviousEdit(target),
          ],
        },
      };
    },
  });
  return entryReply(result, 'message-updated');
}

/** EDIT-1: authors, admins and owners delete. The slot, its seq and its sender stay; the text goes from everywhere. */
export async function deleteMessage(
  deps: Deps,
  actor: Actor,
  { conversationId, seq }: CommandInput<'delete-message'>,
): Promise<ReplyData<'delete-message'>> {
  const result = await append<MessageEntry | undefined, ReplyData<'delete-message'>>(deps, actor, {
    conversationId,
    rows: () => readTarget(deps.stores.log, conversationId, seq),
    decide: ({ sender, rows, nowMs }) => {
      const target = requireTarget(rows);
      requireMay(sender, target.senderId === actor.userId ? 'delete-own' : 'delete-other', nowMs);
      if (target.deletedAt !== undefined) {
        const deletedBy = target.deletedBy ?? target.senderId;
        return { answer: { conversationId, targetSeq: seq, deletedBy, unchanged: true } };
      }
      return {
        draft: {
          body: { kind: 'message-deleted', targetSeq: seq },
          changes: (rev, deletedAt) => [
            { type: 'message', seq, expectedRev: target.rev, set: tombstone(rev, deletedAt, actor.userId) },
            ...stripPreviousEdit(target),
          ],
        },
      };
    },
  });
  return entryReply(result, 'message-deleted');
}
