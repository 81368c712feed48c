import type { EntryFrame, Message } from '../../shared/protocol/entries.ts';
import type { ReplyFrame } from '../../shared/protocol/frames.ts';
import { unknownEntry } from './unknown-entry.ts';

interface Position {
  readonly seq: number;
}

/**
 * What a client makes of pages, pushes and replies according to the protocol (LOG-2 to LOG-5), written from its text
 * alone and as plainly as possible: one copy of one conversation, for one viewer.
 */
export class ReferenceLog {
  /** The seq up to which everything is applied. */
  position = 0;
  readonly messages = new Map<number, Message>();
  readonly #ahead = new Map<number, EntryFrame>();
  readonly #viewer: string;

  constructor(viewer: string) {
    this.#viewer = viewer;
  }

  /** Whether an entry came that cannot be applied yet. A client would wait, and then ask for the missing ones. */
  get hasGap(): boolean {
    return this.#ahead.size > 0;
  }

  /** Takes in an entry that was pushed, replied or read: the next one, one seen before, or an early one (LOG-5). */
  receive(frame: EntryFrame): void {
    const { seq } = frame.data as Position;
    if (seq <= this.position) return;
    this.#ahead.set(seq, frame);
    for (let next = this.#ahead.get(this.position + 1); next; next = this.#ahead.get(this.position + 1)) {
      this.#ahead.delete(this.position + 1);
      this.position += 1;
      this.#apply(next);
    }
  }

  /** Drops what it has and starts again from a page. */
  restart(entries: readonly EntryFrame[], head: number): void {
    this.messages.clear();
    this.#ahead.clear();
    const first = (entries[0]?.data as Position | undefined)?.seq;
    this.position = first === undefined ? head : first - 1;
    for (const entry of entries) this.receive(entry);
  }

  /** The messages in order, as this viewer sees them. */
  list(): Message[] {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  #apply(frame: EntryFrame): void {
    const { event, data } = frame;
    switch (event) {
      case 'receive-message':
        this.messages.set(data.seq, structuredClone(data));
        return;
      case 'message-updated':
        if (data.content !== undefined) {
          const mentions = data.mentions && { mentions: data.mentions };
          this.#change(data, { content: data.content, editedAt: data.at, ...mentions });
          const message = this.messages.get(data.targetSeq);
          if (message?.mentions?.length === 0) delete message.mentions;
        }
        return;
      case 'message-deleted': {
        const { conversationId, senderId, type, clientMessageId, createdAt, n } =
          this.messages.get(data.targetSeq) ?? ({} as Message);
        if (!conversationId || this.#isApplied(data)) return;
        const kept = { conversationId, seq: data.targetSeq, senderId, type, createdAt, n };
        const id = clientMessageId === undefined ? {} : { clientMessageId };
        this.messages.set(data.targetSeq, { ...kept, ...id, rev: data.seq, deletedAt: data.at, reactions: [] });
        return;
      }
      case 'reaction-added':
      case 'reaction-removed':
        this.#react(data, event === 'reaction-added');
        return;
      case 'member-joined':
      case 'member-left':
      case 'member-updated':
      case 'conversation-updated':
        return;
      default:
        unknownEntry(frame);
    }
  }

  #isApplied({ seq, targetSeq }: { seq: number; targetSeq: number }): boolean {
    return seq <= (this.messages.get(targetSeq)?.rev ?? Number.POSITIVE_INFINITY);
  }

  #change(data: { seq: number; targetSeq: number }, set: Partial<Message>): void {
    const message = this.messages.get(data.targetSeq);
    if (message && !this.#isApplied(data)) this.messages.set(data.targetSeq, { ...message, ...set, rev: data.seq });
  }

  #react(data: { seq: number; targetSeq: number; emoji: string; userId: string; count: number }, added: boolean): void {
    const { emoji, count, userId } = data;
    const reactions = this.messages.get(data.targetSeq)?.reactions ?? [];
    const before = reactions.find((one) => one.emoji === emoji);
    const mine = userId === this.#viewer ? added : (before?.mine ?? false);
    const next = { emoji, count, mine };
    const replaced = before ? reactions.map((one) => (one === before ? next : one)) : [...reactions, next];
    this.#change(data, { reactions: replaced.filter((one) => one.count > 0) });
  }
}

/** The durable entries of one conversation among these frames. */
export function entriesOf(frames: readonly ReplyFrame[], conversationId: string): EntryFrame[] {
  return frames.filter(({ data }) => {
    const { seq, conversationId: id } = data as { seq?: number; conversationId?: string };
    return seq !== undefined && id === conversationId;
  }) as unknown as EntryFrame[];
}
