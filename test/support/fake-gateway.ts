import type { ConnectionState, Gateway, PostOutcome } from '../../shared/domain/ports.ts';
import type { ReplyFrame } from '../../shared/protocol/frames.ts';
import { checkPush } from './frame-checks.ts';

/** What a test decides about a post: an outcome, `lost` (accepted, never arrives), or undefined to ask the socket. */
export type Verdict = PostOutcome | 'lost' | undefined;

/** The gateway's sockets and the frames that each got. Every post is checked against the protocol. */
export class FakeGateway implements Gateway {
  readonly open = new Set<string>();
  readonly closed: string[] = [];
  /** All posts that were tried, in order. */
  readonly posts: { readonly connectionId: string; readonly text: string }[] = [];
  verdict: (connectionId: string, text: string) => Verdict = () => undefined;
  /** What `inspect` says about a connection, if a test decides that. Undefined gives the socket's own state. */
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

  /** The frames that a connection got and that were not taken yet. */
  inbox(connectionId: string): ReplyFrame[] {
    const known = this.#inboxes.get(connectionId);
    if (known) return known;
    const inbox: ReplyFrame[] = [];
    this.#inboxes.set(connectionId, inbox);
    return inbox;
  }

  /** Takes the frames that a connection got. */
  take(connectionId: string): ReplyFrame[] {
    return this.inbox(connectionId).splice(0);
  }
}
