import type { ChatMessage, MessageStatus } from '../api/message.ts';
import { ChatError } from '../errors.ts';
import type { OutboxItem } from '../outbox/storage.ts';
import type { Message } from '../protocol.ts';

/** What a conversation's list is made from. */
export interface TimelineInput {
  readonly held: readonly Message[];
  readonly outbox: readonly OutboxItem[];
  readonly me: string | undefined;
  /** The furthest that anyone else has received and read. */
  readonly others: { readonly readSeq: number; readonly deliveredSeq: number };
}

/** Turns the log's copy and the outbox into what an application shows. Objects that did not change stay the same. */
export class Timeline {
  #ofLog = new WeakMap<Message, ChatMessage>();
  #ofOutbox = new WeakMap<OutboxItem, ChatMessage>();

  /** What is held, in the order of the log; then what is in the outbox, in the order in which it is sent. */
  messages({ held, outbox, me, others }: TimelineInput): readonly ChatMessage[] {
    const shown = held.map((message) => this.#shown(message, statusOf(message, me, others)));
    return [...shown, ...outbox.map((item) => this.#waiting(item, me ?? item.userId))];
  }

  #shown(message: Message, status: MessageStatus): ChatMessage {
    const before = this.#ofLog.get(message);
    if (before?.status === status) return before;
    const { n: _n, rev: _rev, ...visible } = message;
    const after: ChatMessage = { ...visible, key: keyOf(message), status };
    this.#ofLog.set(message, after);
    return after;
  }

  #waiting(item: OutboxItem, senderId: string): ChatMessage {
    const before = this.#ofOutbox.get(item);
    if (before?.senderId === senderId) return before;
    const { clientMessageId, conversationId, createdAt, failure, fields } = item;
    const { content, forward, replyTo, mentions } = fields;
    const after: ChatMessage = {
      key: keyOf({ senderId, clientMessageId }),
      conversationId,
      seq: undefined,
      senderId,
      type: 'text',
      clientMessageId,
      createdAt,
      reactions: [],
      status: failure ? 'failed' : 'pending',
      ...(content !== undefined && { content }),
      ...(forward && { forwardedFrom: { ...forward } }),
      ...(replyTo !== undefined && { replyTo }),
      ...(mentions && { mentions: [...mentions] }),
      ...(failure && { error: new ChatError(failure) }),
    };
    this.#ofOutbox.set(item, after);
    return after;
  }
}

function statusOf(message: Message, me: string | undefined, others: TimelineInput['others']): MessageStatus {
  if (message.senderId !== me) return 'received';
  if (others.readSeq >= message.seq) return 'read';
  return others.deliveredSeq >= message.seq ? 'delivered' : 'sent';
}

/** A message keeps its key when it moves from the outbox into the log. */
function keyOf({
  seq,
  senderId,
  clientMessageId,
}: {
  seq?: number;
  senderId: string;
  clientMessageId?: string | undefined;
}): string {
  return clientMessageId === undefined ? `#${seq}` : `${senderId}/${clientMessageId}`;
}
