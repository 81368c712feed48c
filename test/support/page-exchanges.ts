import assert from 'node:assert/strict';
import type { ReplyFrame } from '../../shared/protocol/frames.ts';
import { Chat, type Client } from './chat.ts';
import { checkPush, checkReply } from './frame-checks.ts';

/** What one comment in an exchange says, with the frame that follows it. */
type Step = ConnectionStep | FrameStep;

interface ConnectionStep {
  readonly kind: 'connects' | 'is lost';
  readonly user: string;
}

interface FrameStep {
  readonly kind: 'sends' | 'gets';
  readonly user: string;
  readonly frame: Frame;
}

type Frame = Record<string, unknown> & { readonly requestId?: string };

const STEPS: readonly (readonly [RegExp, Step['kind']])[] = [
  [/^(\w+) → server$/, 'sends'],
  [/^server → (\w+)(?:, lost on the way)?$/, 'gets'],
  [/^(\w+) connects$/, 'connects'],
  [/^(\w+)'s connection is lost$/, 'is lost'],
];

/** The code blocks of a page that are in this language. */
export function codeBlocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text]) => text ?? '',
  );
}

/** The steps of one block: a comment says who does what, and a frame follows. Throws for what it cannot read. */
export function parseExchange(block: string): Step[] {
  const parts = block.split(/^\/\/ (.+)$/m);
  assert.equal(parts.shift()?.trim(), '', 'an exchange begins with a comment');
  const steps: Step[] = [];
  for (let at = 0; at < parts.length; at += 2) steps.push(parseStep(parts[at] as string, parts[at + 1] as string));
  return steps;
}

function parseStep(comment: string, text: string): Step {
  for (const [pattern, kind] of STEPS) {
    const user = pattern.exec(comment)?.[1];
    if (user === undefined) continue;
    if (kind === 'sends' || kind === 'gets') return { kind, user, frame: JSON.parse(text) as Frame };
    assert.equal(text.trim(), '', `no frame belongs to "${comment}"`);
    return { kind, user };
  }
  throw new Error(`an exchange cannot say "${comment}"`);
}

/**
 * Plays a page's exchanges on the whole chat in memory, one after another. The server must send each user exactly the
 * frames on the page, in that order. Only times, epochs and versions may differ.
 */
export class ExchangePlayer {
  readonly #chat = new Chat();
  readonly #clients = new Map<string, Client>();
  readonly #actions = new Map<string, unknown>();
  /** The frames that each user got and that the page has not shown yet. */
  readonly #waiting = new Map<string, ReplyFrame[]>();

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      this.#chat.clock.advance(500);
      if (step.kind === 'gets') this.#compare(step.user, step.frame);
      else await this.#act(step);
    }
    for (const [user, frames] of this.#waiting)
      assert.deepEqual(frames, [], `the page does not show what ${user} gets`);
  }

  async #act(step: Step): Promise<void> {
    const { user } = step;
    if ('frame' in step) await this.#send(user, step.frame);
    else if (step.kind === 'connects') this.#clients.set(user, await this.#chat.connect(user));
    else {
      await this.#chat.disconnect(this.#client(user));
      this.#clients.delete(user);
    }
    await this.#chat.pump('quiet');
    for (const [name, { connectionId }] of this.#clients)
      this.#queue(name).push(...this.#chat.gateway.take(connectionId));
  }

  async #send(user: string, frame: Frame): Promise<void> {
    if (frame.requestId !== undefined) this.#actions.set(`${user} ${frame.requestId}`, frame.action);
    const reply = await this.#chat.raw(this.#client(user), JSON.stringify(frame));
    if (reply) this.#queue(user).push(reply);
  }

  #compare(user: string, frame: Frame): void {
    const text = JSON.stringify(frame);
    if (frame.requestId === undefined) checkPush(text);
    else checkReply(this.#actions.get(`${user} ${frame.requestId}`), text);
    const sent = this.#queue(user).shift();
    assert.ok(sent, `the server sends nothing to ${user}, but the page shows ${text}`);
    assert.deepEqual(comparable(frame), comparable(sent));
  }

  #client(user: string): Client {
    const client = this.#clients.get(user);
    assert.ok(client, `${user} is not connected`);
    return client;
  }

  #queue(user: string): ReplyFrame[] {
    const queue = this.#waiting.get(user) ?? [];
    this.#waiting.set(user, queue);
    return queue;
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A frame without what no page can know: times, and what comes from chance or the clock. */
function comparable(frame: object): unknown {
  return JSON.parse(JSON.stringify(frame), (key, value: unknown) => {
    if (typeof value === 'string' && TIME.test(value)) return '<time>';
    return key === 'epoch' || key === 'version' ? `<${typeof value}>` : value;
  });
}
