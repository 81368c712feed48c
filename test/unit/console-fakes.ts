/** Time that moves only when told to; timers run in order, and promises settle in between. */
export function manualClock() {
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  let count = 0;
  const timers = new Map<number, { at: number; callback: () => void }>();
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return {
    now: () => now,
    setTimeout: (callback: () => void, ms: number) => {
      count += 1;
      timers.set(count, { at: now + ms, callback });
      return count;
    },
    clearTimeout: (timer: number) => {
      timers.delete(timer);
    },
    pending: () => timers.size,
    settle,
    advance: async (ms: number) => {
      const end = now + ms;
      await settle();
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].callback();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}

type Fields = Record<string, unknown>;

/** A socket that does what the test tells it to. */
export class FakeSocket {
  readyState = 0;
  onopen: (() => void) | undefined;
  onmessage: ((event: { data: string }) => void) | undefined;
  onclose: ((event: { code: number }) => void) | undefined;
  readonly sent: Fields[] = [];
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  dies(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  receives(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The newest command of this action, taken off the list. */
  take(action: string): Fields {
    const index = this.sent.findIndex((frame) => frame.action === action);
    if (index < 0) throw new Error(`no ${action} was sent; waiting are ${this.sent.map((frame) => frame.action)}`);
    return this.sent.splice(index, 1)[0] as Fields;
  }

  has(action: string): boolean {
    return this.sent.some((frame) => frame.action === action);
  }
}

const AT = '2026-01-01T00:00:00.000Z';

/** A message's entry as it is pushed. */
export function messageEntry(seq: number, fields: Fields = {}) {
  const message = { senderId: 'bob', type: 'text', content: `message ${seq}`, createdAt: AT, reactions: [] };
  return {
    event: 'receive-message',
    data: { conversationId: 'general', seq, at: AT, n: seq, rev: seq, ...message, ...fields },
  };
}

/** An entry that changes a message. */
export function changeEntry(seq: number, event: string, targetSeq: number, fields: Fields = {}) {
  return { event, data: { conversationId: 'general', seq, at: AT, n: 1, targetSeq, ...fields } };
}

/** What `joined-conversation` carries. */
export function joinedData(entries: object[], head: number, fields: Fields = {}) {
  const conversation = { conversationId: 'general', epoch: 'e1', kind: 'channel', createdBy: 'bob', createdAt: AT };
  const rest = { role: 'member', hasMore: false, online: [], marks: [] };
  return { conversationId: 'general', success: true, conversation, head, entries, ...rest, ...fields };
}
