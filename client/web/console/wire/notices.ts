import type { EntryFrame } from '@parley/client';

const EVENTS = ['member-joined', 'member-left', 'member-updated', 'conversation-updated'] as const;

/** An entry that changes the members or the settings of a conversation, not a message. */
export type Notice = Extract<EntryFrame, { event: (typeof EVENTS)[number] }>;

/**
 * The notices that crossed the wire, by conversation and seq. The SDK keeps the messages; a developer also wants to see
 * the entries between them, those in pages of history too.
 */
export class Notices {
  readonly #notices = new Map<string, Map<number, Notice>>();

  /** Takes the notices from this frame, whether it is a push, a reply, a page or a batch. */
  read(text: string): void {
    for (const notice of noticesIn(parse(text))) {
      const { conversationId, seq } = notice.data;
      const known = this.#notices.get(conversationId) ?? new Map<number, Notice>();
      this.#notices.set(conversationId, known.set(seq, notice));
    }
  }

  /** By seq, ascending. */
  of(conversationId: string): readonly Notice[] {
    const known = this.#notices.get(conversationId)?.values() ?? [];
    return [...known].sort((a, b) => a.data.seq - b.data.seq);
  }

  /** Forgets the notices of a log that was replaced (LOG-6). */
  forget(conversationId: string): void {
    this.#notices.delete(conversationId);
  }
}

interface AnyFrame {
  readonly event?: unknown;
  readonly data?: { readonly seq?: unknown; readonly entries?: unknown; readonly frames?: unknown };
}

function noticesIn(frame: AnyFrame): readonly Notice[] {
  const inside = [frame.data?.entries, frame.data?.frames].filter((list) => Array.isArray(list)).flat() as AnyFrame[];
  return isNotice(frame) ? [frame] : inside.flatMap(noticesIn);
}

/** A reply that changed nothing has no seq and is no entry (RETRY-1). */
function isNotice(frame: AnyFrame): frame is Notice {
  return EVENTS.some((event) => event === frame.event) && Number.isInteger(frame.data?.seq);
}

function parse(text: string): AnyFrame {
  try {
    return (JSON.parse(text) as AnyFrame | null) ?? {};
  } catch {
    return {};
  }
}
