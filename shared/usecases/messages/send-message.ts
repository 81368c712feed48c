import { isActive } from '../../domain/conversation.ts';
import { rateLimited } from '../../domain/draft.ts';
import { isMessage, type MessageBody, type MessageEntry } from '../../domain/entry.ts';
import { toMessage } from '../../domain/entry-frame.ts';
import type { LogTail } from '../../domain/log-tail.ts';
import { requireMay } from '../../domain/permissions.ts';
import type { Change } from '../../domain/ports.ts';
import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { Refusal } from '../../protocol/errors.ts';
import { outsider } from '../access.ts';
import { append, type DecisionInput } from '../append.ts';
import type { Actor, Deps } from '../deps.ts';
import { mentionedMembers } from './mentioned-members.ts';

interface Rows {
  /** The text to store. */
  readonly content: string;
  readonly forwardedFrom?: MessageBody['forwardedFrom'];
  /** The mentioned users who are members. */
  readonly mentions?: readonly string[];
}

/** Appends a message (SEND-1 to SEND-7). A message that was appended before is given as it is now, with `duplicate`. */
export async function sendMessage(
  deps: Deps,
  actor: Actor,
  input: CommandInput<'send-message'>,
): Promise<ReplyData<'send-message'>> {
  const { conversationId, clientMessageId, after } = input;
  const result = await append<Rows, never>(deps, actor, {
    conversationId,
    ...(clientMessageId !== undefined && { clientMessageId }),
    ...(after !== undefined && { after }),
    rows: (tail) => readRows(deps, actor, input, tail),
    decide: (known) => ({ draft: draft(known, input) }),
  });
  if (result.outcome === 'unchanged' || !isMessage(result.entry)) throw new Error('a send appended no message');
  if (result.outcome === 'appended') return toMessage(result.entry);
  const message = await asItIsNow(deps, actor, result.entry);
  return clientMessageId === undefined ? message : { ...message, duplicate: true };
}

function draft({ sender, tail, rows, nowMs }: DecisionInput<Rows>, input: CommandInput<'send-message'>) {
  requireMay(sender, 'send', nowMs);
  const slow = tail.running.slowModeSeconds > 0 && sender.role === 'member';
  if (slow) {
    const waitMs = Date.parse(sender.lastSentAt ?? '') + tail.running.slowModeSeconds * 1000 - nowMs;
    if (waitMs > 0) throw rateLimited('slow mode is on', waitMs);
  }
  return {
    body: {
      kind: 'receive-message',
      rev: 0,
      content: rows.content,
      reactions: [],
      ...(input.replyTo !== undefined && { replyTo: input.replyTo }),
      ...(rows.mentions && rows.mentions.length > 0 && { mentions: rows.mentions }),
      ...(rows.forwardedFrom && { forwardedFrom: rows.forwardedFrom }),
    },
    changes: (_seq: number, at: string): readonly Change[] =>
      slow ? [{ type: 'last-sent', expected: sender, at }] : [],
  } as const;
}

async function readRows(deps: Deps, actor: Actor, input: CommandInput<'send-message'>, tail: LogTail): Promise<Rows> {
  const [source, mentions] = await Promise.all([
    input.forward ? readSource(deps, actor, input.forward) : { content: input.content as string },
    mentionedMembers(deps, input.conversationId, input.mentions),
    requireReplied(deps, input, tail),
  ]);
  return { ...source, ...(mentions && { mentions }) };
}

/** A tombstone may be replied to (SEND-7), so what the tail says is good enough, however old. */
async function requireReplied(deps: Deps, input: CommandInput<'send-message'>, tail: LogTail): Promise<void> {
  const { conversationId, replyTo } = input;
  if (replyTo === undefined) return;
  const known = tail.entries.find((entry) => entry.seq === replyTo);
  if (isMessage(known ?? (await deps.stores.log.entry(conversationId, replyTo)))) return;
  throw new Refusal('message-not-found', 'there is no such message to reply to');
}

/**
 * The message to copy. Its text first, the membership last: an entry committed after the reply to a removal is then
 * never read for the removed (MEMB-3).
 */
async function readSource(deps: Deps, actor: Actor, from: { conversationId: string; seq: number }) {
  const entry = await deps.stores.log.entry(from.conversationId, from.seq);
  const member = await deps.stores.conversations.member(from.conversationId, actor.userId);
  if (!isActive(member)) throw outsider(await deps.stores.conversations.conversation(from.conversationId), member);
  if (!isMessage(entry) || entry.content === undefined) {
    throw new Refusal('message-not-found', 'there is no such message to forward');
  }
  const { conversationId, seq, senderId, content } = entry;
  return { content, forwardedFrom: member.kind === 'channel' ? { conversationId, seq, senderId } : {} };
}

/** SEND-3: edited or deleted in the meantime, it is given so. */
async function asItIsNow(deps: Deps, actor: Actor, twin: MessageEntry): Promise<ReplyData<'send-message'>> {
  const { conversationId, seq } = twin;
  const [entry, mine] = await Promise.all([
    deps.stores.log.entry(conversationId, seq),
    deps.stores.log.reactions(conversationId, actor.userId, seq, seq),
  ]);
  return toMessage(isMessage(entry) ? entry : twin, new Set(mine.map(({ emoji }) => emoji)));
}
