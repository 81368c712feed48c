import type { Conversation } from '../../domain/conversation.ts';
import { requireMay } from '../../domain/permissions.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { isSameText } from '../../protocol/text.ts';
import { append } from '../append.ts';
import type { Actor, Deps } from '../deps.ts';
import { entryReply } from '../entry-reply.ts';

/** Renames, or sets slow mode: by admins and owners. The same values again change nothing. */
export async function updateConversation(
  deps: Deps,
  actor: Actor,
  { conversationId, ...asked }: CommandInput<'update-conversation'>,
): Promise<ReplyData<'update-conversation'>> {
  const result = await append<Conversation | undefined, ReplyData<'update-conversation'>>(deps, actor, {
    conversationId,
    rows: () => deps.stores.conversations.conversation(conversationId),
    decide: ({ sender, tail, rows: conversation, nowMs }) => {
      requireMay(sender, 'update-conversation', nowMs);
      const changes = {
        ...(asked.name !== undefined && { name: asked.name }),
        ...(asked.slowModeSeconds !== undefined && { slowModeSeconds: asked.slowModeSeconds }),
      };
      const { slowModeSeconds } = tail.running;
      const name = conversation?.name;
      if (isSameText(changes.name ?? name, name) && (changes.slowModeSeconds ?? slowModeSeconds) === slowModeSeconds) {
        const shown = { ...changes, ...(asked.name !== undefined && name !== undefined && { name }) };
        return { answer: { conversationId, changes: shown, by: actor.userId, unchanged: true } };
      }
      return {
        draft: {
          body: { kind: 'conversation-updated', changes },
          changes: () => [{ type: 'conversation', changes }],
          running: { slowModeSeconds: changes.slowModeSeconds ?? slowModeSeconds },
        },
      };
    },
  });
  return entryReply(result, 'conversation-updated');
}
