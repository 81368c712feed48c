import type { MessageBody, MessageEntry } from '../../domain/entry.ts';
import { requireMay } from '../../domain/permissions.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { Refusal } from '../../protocol/errors.ts';
import { REACTION_KINDS_MAX } from '../../protocol/limits.ts';
import { append } from '../append.ts';
import type { Actor, Deps } from '../deps.ts';
import { entryReply } from '../entry-reply.ts';
import { readTarget, requireNotDeleted, requireTarget } from './target-message.ts';

type ReactionReply = ReplyData<'add-reaction'>;

/** Adds the user's reaction to a message; at most 20 kinds on one message. Reacting twice changes nothing. */
export function addReaction(deps: Deps, actor: Actor, input: CommandInput<'add-reaction'>): Promise<ReactionReply> {
  return react(deps, actor, input, 'reaction-added');
}

/** Takes the user's reaction away. Taking away what is not there changes nothing. */
export function removeReaction(
  deps: Deps,
  actor: Actor,
  input: CommandInput<'remove-reaction'>,
): Promise<ReactionReply> {
  return react(deps, actor, input, 'reaction-removed');
}

interface Rows {
  readonly target: MessageEntry | undefined;
  readonly mine: boolean;
}

async function react(
  deps: Deps,
  actor: Actor,
  { conversationId, seq, emoji }: CommandInput<'add-reaction'>,
  kind: 'reaction-added' | 'reaction-removed',
): Promise<ReactionReply> {
  const { log } = deps.stores;
  const { userId } = actor;
  const adding = kind === 'reaction-added';
  const result = await append<Rows, ReactionReply>(deps, actor, {
    conversationId,
    rows: async () => {
      const [target, own] = await Promise.all([
        readTarget(log, conversationId, seq),
        log.reactions(conversationId, userId, seq, seq),
      ]);
      return { target, mine: own.some((reaction) => reaction.emoji === emoji) };
    },
    decide: ({ sender, rows, nowMs }) => {
      requireMay(sender, 'react', nowMs);
      const target = requireTarget(rows.target);
      requireNotDeleted(target);
      const before = target.reactions.find((reaction) => reaction.emoji === emoji)?.count ?? 0;
      if (rows.mine === adding) {
        return { answer: { conversationId, targetSeq: seq, emoji, userId, count: before, unchanged: true } };
      }
      const count = adding ? before + 1 : Math.max(0, before - 1);
      const reactions = withCount(target.reactions, emoji, count);
      if (reactions.length > REACTION_KINDS_MAX) {
        throw new Refusal('conflict', `a message has at most ${REACTION_KINDS_MAX} kinds of reaction`);
      }
      return {
        draft: {
          body: { kind, targetSeq: seq, emoji, count },
          changes: (rev) => [
            { type: 'message', seq, expectedRev: target.rev, set: { reactions, rev } },
            { type: adding ? 'put-reaction' : 'delete-reaction', userId, seq, emoji },
          ],
        },
      };
    },
  });
  return entryReply(result, 'reaction-added', 'reaction-removed');
}

function withCount(reactions: MessageBody['reactions'], emoji: string, count: number): MessageBody['reactions'] {
  const known = reactions.some((reaction) => reaction.emoji === emoji);
  const next = known
    ? reactions.map((reaction) => (reaction.emoji === emoji ? { emoji, count } : reaction))
    : [...reactions, { emoji, count }];
  return next.filter((reaction) => reaction.count > 0);
}
