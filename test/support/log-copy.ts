import type { EntryFrame, Message } from '../../shared/protocol/entries.ts';
import type { Frame } from './socket-client.ts';
import { unknownEntry } from './unknown-entry.ts';

/**
 * A user's copy of a log from its beginning, kept as LOG-3 to LOG-5 tell a client to: from replies, pushes and pages,
 * in any order and however often. It knows no sockets, so what is missing stays missing until it is passed in.
 */
export class LogCopy {
  /** The seq up to which everything is applied. */
  position = 0;
  /** Seqs in the order in which they were applied. */
  readonly applied: number[] = [];
  readonly #messages = new Map<number, Message>();
  readonly #waiting = new Map<number, EntryFrame>();
  readonly #conversationId: string;
  readonly #me: string;

  constructor(conversationId: string, me: string) {
    this.#conversationId = conversationId;
    this.#me = me;
  }

  /** Takes in any frame from a socket. Ignores everything but entries of this log. */
  receive({ event = '', data }: Frame): void {
    if (data?.conversationId !== this.#conversationId) return;
    if (Array.isArray(data.entries)) for (const entry of data.entries) this.receive(entry);
    const { seq, n } = data;
    if (seq === undefined || n === undefined || seq <= this.position) return;
    const { duplicate: _, ...entry } = data;
    const name = event === 'message-sent' ? 'receive-message' : event;
    this.#waiting.set(seq, { event: name, data: entry } as EntryFrame);
    for (let next = this.#waiting.get(this.position + 1); next; next = this.#waiting.get(this.position + 1)) {
      this.#waiting.delete(next.data.seq);
      this.position = next.data.seq;
      this.applied.push(next.data.seq);
      this.#apply(next);
    }
  }

  /** The messages as they are now, in order. */
  messages(): Message[] {
    return [...this.#messages.values()];
  }

  #apply(frame: EntryFrame): void {
    switch (frame.event) {
      case 'receive-message':
        this.#messages.set(frame.data.seq, frame.data);
        return;
      case 'message-updated':
      case 'message-deleted':
      case 'reaction-added':
      case 'reaction-removed': {
        const message = this.#messages.get(frame.data.targetSeq);
        if (!message || frame.data.seq <= message.rev) return;
        this.#messages.set(message.seq, changed(message, frame, this.#me));
        return;
      }
      case 'member-joined':
      case 'member-left':
      case 'member-updated':
      case 'conversation-updated':
        return;
      default:
        unknownEntry(frame);
    }
  }
}

type ChangeFrame = Extract<EntryFrame, { data: { targetSeq: number } }>;

/** The message after an edit, a deletion or a reaction (LOG-4, EDIT-1, EDIT-2). */
function changed(message: Message, frame: ChangeFrame, me: string): Message {
  const rev = frame.data.seq;
  switch (frame.event) {
    case 'message-updated': {
      const { content, at } = frame.data;
      return content === undefined ? message : { ...message, content, editedAt: at, rev };
    }
    case 'message-deleted': {
      const { conversationId, seq, senderId, type, clientMessageId, createdAt, n } = message;
      const kept = { conversationId, seq, senderId, type, createdAt, n, ...(clientMessageId && { clientMessageId }) };
      return { ...kept, deletedAt: frame.data.at, reactions: [], rev };
    }
    case 'reaction-added':
    case 'reaction-removed': {
      const { emoji, count, userId } = frame.data;
      const before = message.reactions.find((reaction) => reaction.emoji === emoji);
      const mine = userId === me ? frame.event === 'reaction-added' : (before?.mine ?? false);
      const after = { emoji, count, mine };
      const reactions = before
        ? message.reactions.map((reaction) => (reaction === before ? after : reaction))
        : [...message.reactions, after];
      return { ...message, reactions: reactions.filter((reaction) => reaction.count > 0), rev };
    }
  }
}
