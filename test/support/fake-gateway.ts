import type { ConnectionState, Gateway, PostOutcome } from '../../shared/domain/ports.ts';
import type { ReplyFrame } from '../../shared/protocol/frames.ts';
import { checkPush } from './frame-checks.ts';

/** What a test decides about a post: an outcome, `lost` (taken, but never arrives), or undefined: as the socket is. */
export type Verdict = PostOutcome | 'lost' | undefined;

/** The gateway's sockets: who is connected, and what came to whom. Everything posted is held to the protocol. */
export class FakeGateway implements Gateway {
  readonly open = new Set<string>();
  readonly closed: string[] = [];
  /** All posts that were tried, in order. */
  readonly posts: { readonly connectionId: string; readonly text: string }[] = [];
  verdict: (connectionId: string, text: string) => Verdict = () => undefined;
  /** What a test has `inspect` say of a connection; undefined: as the socket is. */
  state: (connectionId: string) => ConnectionState | undefined = () => undefined;
  readonly #inboxes = new Map<string, ReplyFrame[]>();

  async post(connectionId: string, text: string): Promise<PostOutcome> {
    this.posts.push({ connectionId, text });
    const frames = checkPush(text);
    const verdict = this.verdict(connectionId, text) ?? (this.open.has(connectionId) ? 'posted' : 'gone');
    if (verdict === 'posted') this.inbox(connectionId).push(...frames);
    return verdict === 'lost' ? 'posted' : verdict;
  }

  async close(connectionId: string): Promise<void> {
    this.closed.push(connectionId);
    this.open.delete(connectionId);
  }

  async inspect(connectionId: string): Promise<ConnectionState> {
    return this.state(connectionId) ?? (this.open.has(connectionId) ? 'open' : 'gone');
  }

  /** The frames that came to a connection and were not taken yet. */
  inbox(connectionId: string): ReplyFrame[] {
    const known = this.#inboxes.get(connectionId);
    if (known) return known;
    const inbox: ReplyFrame[] = [];
    this.#inboxes.set(connectionId, inbox);
    return inbox;
  }

  /** Takes the frames that came to a connection. */
  take(connectionId: string): ReplyFrame[] {
    return this.inbox(connectionId).splice(0);
  }
}
