import { type Conversation, isActive, type Member } from '../domain/conversation.ts';
import { type Author, type Draft, numberDraft, rateLimited } from '../domain/draft.ts';
import type { Entry } from '../domain/entry.ts';
import { type LogTail, logTail, TAIL_ENTRIES, twinOf } from '../domain/log-tail.ts';
import type { AppendOutcome, Change } from '../domain/ports.ts';
import { Refusal } from '../protocol/errors.ts';
import { BEHIND_MAX_ENTRIES } from '../protocol/limits.ts';
import { outsider } from './access.ts';
import type { Actor, Deps } from './deps.ts';
import { chargeCommand } from './rate-limit.ts';

/** After so many lost races the sender is asked to wait: with full jitter, some seconds in a very busy conversation. */
const MAX_ATTEMPTS = 12;
const FIRST_BACKOFF_MS = 10;
const MAX_BACKOFF_MS = 400;
const WALK_MAX_BYTES = 1024 * 1024;
const LOST: AppendOutcome = { committed: false };

/**
 * What one attempt's decision may look at. The rows were read after the tail. One may still be older, if the tail shows
 * the entry of a transaction that is not over: then its own condition in the transaction fails, or that of the sender.
 */
export interface DecisionInput<Rows> {
  readonly tail: LogTail;
  /** The sender's membership, active. */
  readonly sender: Member;
  readonly rows: Rows;
  readonly nowMs: number;
}

export interface Append<Rows, Answer> {
  readonly conversationId: string;
  readonly clientMessageId?: string;
  /** SEND-4: where to look for the twin from; never which seq comes next. */
  readonly after?: number;
  /** Reads, consistently, what else the command is about; the sender's row is read anyway. */
  readonly rows: (tail: LogTail, sender: Member) => Promise<Rows>;
  /** Pure: permission, limits, what to write. A draft, or the answer to a command that changes nothing (RETRY-1). */
  readonly decide: (input: DecisionInput<Rows>) => { readonly draft: Draft } | { readonly answer: Answer };
}

/** `twin`: an earlier try of the same command had committed this entry already (SEND-3). */
export type Appended<Answer> =
  | { readonly outcome: 'appended' | 'twin'; readonly entry: Entry }
  | { readonly outcome: 'unchanged'; readonly answer: Answer };

/**
 * The one way into a log: tail, rows, decide, put; after every lost race from the winner again, deciding anew. A put
 * that succeeds proves that nothing was committed since the decision, so what the decision saw still held.
 *
 * A put whose answer is lost and which the SDK repeats meets its own entry as the winner and finds it as its twin. If
 * the function dies after the put, the entry stays, the stream delivers it, and a retry with the same id finds it.
 */
export async function append<Rows, Answer>(
  deps: Deps,
  actor: Actor,
  command: Append<Rows, Answer>,
): Promise<Appended<Answer>> {
  const { log } = deps.stores;
  const { conversationId, clientMessageId } = command;
  const author: Author = {
    userId: actor.userId,
    connectionId: actor.connectionId,
    requestId: actor.requestId,
    ...(clientMessageId !== undefined && { clientMessageId }),
  };
  let entries = await log.tail(conversationId, TAIL_ENTRIES);
  for (let attempt = 0; ; attempt += 1) {
    const { sender, conversation } = await readSender(deps, command, actor.userId, entries);
    // Only ever the first time round: what was walked back over stays in front of the tail.
    const walked = await walkBack(deps, actor, command, entries);
    const charged = walked !== entries;
    entries = walked;
    const tail = logTail(entries, conversation);
    const twin = twinOf(tail, author.userId, clientMessageId ?? author.requestId);
    if (twin) {
      // Only of the first attempt: a later one may find what this very frame has put, and its client must hear of that.
      if (attempt === 0 && !charged) await chargeCommand(deps, actor.userId);
      return { outcome: 'twin', entry: twin };
    }
    const rows = await command.rows(tail, sender);
    const nowMs = deps.clock.now();
    const decision = command.decide({ tail, sender, rows, nowMs });
    if ('answer' in decision) return { outcome: 'unchanged', answer: decision.answer };
    const numbered = numberDraft(conversationId, tail, author, decision.draft, nowMs);
    const { entry } = numbered;
    const changes = withSender(tail, sender, numbered.changes);
    const outcome = mustHaveLost(entry, changes) ? LOST : await log.append(entry, changes);
    if (outcome.committed) return { outcome: 'appended', entry };
    if (attempt + 1 >= MAX_ATTEMPTS) throw rateLimited('too many are writing at once', MAX_BACKOFF_MS);
    await deps.clock.sleep(deps.random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt));
    entries = await catchUp(deps, conversationId, entries, outcome.winner);
  }
}

/**
 * The changes, and where the tail restricts the sender, that the sender's row still is as it was read. The tail is a
 * query, and DynamoDB isolates only reads of one item from a transaction: the query may show the entry of a removal,
 * mute or lost role before the row is as the entry says. A put at the next seq would then succeed, after the restriction
 * that it breaks. As part of a transaction the check conflicts until the other one is over, and fails after it. It costs
 * more than a put alone, so it is made only where it can matter.
 */
function withSender({ entries }: LogTail, sender: Member, changes: readonly Change[]): readonly Change[] {
  const { userId } = sender;
  const restricted = entries.some(
    (entry) => (entry.kind === 'member-left' || entry.kind === 'member-updated') && entry.userId === userId,
  );
  // A transaction has an item once, and these changes require the sender's row to be as it was read themselves.
  const checked = changes.some(
    (change) =>
      (change.type === 'last-sent' && change.expected.userId === userId) ||
      (change.type === 'member' && change.next.userId === userId),
  );
  return restricted && !checked ? [...changes, { type: 'sender', expected: sender }] : changes;
}

/**
 * The sender's row, after the tail. An empty log's running state is the conversation's own, so that is read as well;
 * and it tells outsiders of a channel from those of a private conversation. The calls are the same for a private
 * conversation and one that does not exist (AUTH-1): tail, member, conversation.
 */
async function readSender<R, A>(deps: Deps, command: Append<R, A>, userId: string, entries: readonly Entry[]) {
  const store = deps.stores.conversations;
  const sender = await store.member(command.conversationId, userId);
  const active = isActive(sender);
  const conversation: Conversation | undefined =
    active && entries.length > 0 ? undefined : await store.conversation(command.conversationId);
  if (!active) throw outsider(conversation, sender);
  return { sender, conversation };
}

/**
 * SEND-4: with an `after` below the tail, the entries between are read too, so that a twin cannot be passed unseen. It
 * costs up to 1 MB of reads, hence the charge.
 */
async function walkBack<R, A>(
  deps: Deps,
  actor: Actor,
  command: Append<R, A>,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  const first = entries[0]?.seq ?? 1;
  const { after, conversationId } = command;
  if (after === undefined || after >= first - 1) return entries;
  const head = entries.at(-1)?.seq ?? 0;
  const behind = new Refusal('behind', `catch up first, the log is at ${head}`);
  if (head - after > BEHIND_MAX_ENTRIES) throw behind;
  await chargeCommand(deps, actor.userId);
  const page = await deps.stores.log.read(conversationId, {
    after,
    before: first,
    limit: BEHIND_MAX_ENTRIES,
    from: 'oldest',
    maxBytes: WALK_MAX_BYTES,
  });
  if (page.hasMore) throw behind;
  return [...page.entries, ...entries];
}

/**
 * Rows are read after the tail, so they may tell of the very entry that took this place: a reaction to a message that a
 * stale tail does not show, say. One transaction cannot put an item and change it, and this one would lose anyway.
 */
function mustHaveLost({ seq }: Entry, changes: readonly Change[]): boolean {
  return changes.some((change) => (change.type === 'message' || change.type === 'strip-edit') && change.seq >= seq);
}

/** What was committed since, the winner first. Read consistently, because the tail may have been stale. */
async function catchUp(
  deps: Deps,
  conversationId: string,
  known: readonly Entry[],
  winner: Entry | undefined,
): Promise<readonly Entry[]> {
  const head = known.at(-1)?.seq ?? 0;
  const next = winner?.seq === head + 1 ? [...known, winner] : known;
  const page = await deps.stores.log.read(conversationId, {
    after: next.at(-1)?.seq ?? 0,
    limit: BEHIND_MAX_ENTRIES,
    from: 'oldest',
  });
  return [...next, ...page.entries];
}
