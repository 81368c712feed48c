import type { ChatSocket } from '../../client/src/platform/edges.ts';
import { isAction } from '../../shared/protocol/actions.ts';
import { Refusal } from '../../shared/protocol/errors.ts';
import { errorReply } from '../../shared/protocol/frames.ts';
import { parseFields, readEnvelope } from '../../shared/protocol/parse-command.ts';
import type { FakeChatServer } from './fake-chat-server.ts';

/** What may go wrong. Chances are from 0 to 1. */
export interface Faults {
  dropCommand: number;
  dropReply: number;
  dropPush: number;
  repeatPush: number;
  batch: number;
  refuse: number;
  /** The longest time that a frame or command takes. Each takes a time of its own, so they overtake each other. */
  delayMs: number;
}

export const NO_FAULTS: Faults = {
  dropCommand: 0,
  dropReply: 0,
  dropPush: 0,
  repeatPush: 0,
  batch: 0,
  refuse: 0,
  delayMs: 20,
};

/** A reply or a push. */
export interface FakeFrame {
  event: string;
  requestId?: string;
  data: object;
}

/** One connection. The client has its socket, the server its rooms. */
export class FakeConnection implements ChatSocket {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly userId: string;
  readonly rooms = new Set<string>();
  readonly #server: FakeChatServer;
  #gone = false;
  #silent = false;
  #waiting: FakeFrame[] = [];

  constructor(server: FakeChatServer, userId: string) {
    this.#server = server;
    this.userId = userId;
    this.#later(() => {
      server.connections.add(this);
      this.onopen?.({} as never);
    });
  }

  send(text: string): void {
    if (this.#chance('dropCommand')) return;
    this.#later(() => this.#handle(text));
  }

  close(): void {
    this.cut(false);
  }

  /** Ends the socket as a network does: what is under way is lost. */
  cut(told = true): void {
    this.#gone = true;
    this.#server.connections.delete(this);
    if (told) this.onclose?.({ code: 1006 } as never);
  }

  /** Lets nothing pass any more, without telling either end. */
  halfOpen(): void {
    this.#silent = true;
  }

  push(frame: FakeFrame): void {
    if (this.#chance('dropPush')) return;
    const times = this.#chance('repeatPush') ? 2 : 1;
    for (let i = 0; i < times; i += 1) {
      if (this.#chance('batch')) {
        this.#waiting.push(frame);
        this.#later(() => this.#flush());
      } else this.#later(() => this.#deliver(frame));
    }
  }

  /** ENV-6: in a batch the seqs of a conversation ascend. */
  #flush(): void {
    const frames = this.#waiting.sort((a, b) => seqOf(a) - seqOf(b));
    this.#waiting = [];
    if (frames.length > 0) this.#deliver({ event: 'batch', data: { frames } });
  }

  #handle(text: string): void {
    const envelope = readEnvelope(text, isAction);
    const { action, requestId } = envelope;
    let reply: FakeFrame;
    try {
      if (envelope.refusal) throw envelope.refusal;
      if (!action || !envelope.fields) throw new Refusal('invalid-json', 'no action');
      const input = parseFields(action, envelope.fields);
      if (this.#chance('refuse')) throw new Refusal('rate-limited', 'too fast', { retryAfterMs: 300 });
      reply = this.#server.execute(action, input as Record<string, unknown>, this.userId, this);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reply = errorReply(action, requestId, error) as FakeFrame;
    }
    if (action === 'typing' || this.#chance('dropReply')) return;
    this.#later(() => this.#deliver({ ...reply, ...(requestId !== undefined && { requestId }) }));
  }

  #deliver(frame: FakeFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as never);
  }

  #later(run: () => void): void {
    const { clock, random } = this.#server.options;
    clock.setTimeout(() => {
      if (!this.#gone && !this.#silent) run();
    }, random() * this.#server.faults.delayMs);
  }

  #chance(fault: Exclude<keyof Faults, 'delayMs'>): boolean {
    const chance = this.#server.faults[fault];
    return chance > 0 && this.#server.options.random() < chance;
  }
}

function seqOf(frame: FakeFrame): number {
  return (frame.data as { seq?: number }).seq ?? 0;
}
