import { MAYBE_NOT_OPEN_MS } from '../domain/connection.ts';
import type { Clock, ConnectionStore, Gateway, Random } from '../domain/ports.ts';
import type { Report } from '../domain/report.ts';
import { MAX_SOCKETS } from './post-to-connection.ts';

/** One connection and the texts it is owed, in order. Times are ms since the epoch. */
export interface Post {
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly expiresAt: number;
  readonly texts: readonly string[];
}

export interface PostDeps {
  readonly gateway: Pick<Gateway, 'post'>;
  readonly connections: Pick<ConnectionStore, 'forget'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
}

const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 2_000;

/**
 * Posts to many connections with bounded concurrency, each connection's texts in order. Throttles and failures are
 * tried again with full jitter until `budgetMs` is over; gives what is then still owed. A gone connection's row is
 * deleted, and the stream cleans up the rest. One bad connection never keeps others waiting.
 */
export async function postAll(deps: PostDeps, posts: Iterable<Post>, budgetMs: number): Promise<readonly Post[]> {
  const deadline = deps.clock.now() + budgetMs;
  const queue = posts[Symbol.iterator]();
  const owed: Post[] = [];
  const work = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const texts = await postOne(deps, next.value, deadline);
      if (texts.length > 0) owed.push({ ...next.value, texts });
    }
  };
  await Promise.all(Array.from({ length: MAX_SOCKETS }, work));
  return owed;
}

async function postOne(deps: PostDeps, post: Post, deadline: number): Promise<readonly string[]> {
  for (const [index, text] of post.texts.entries()) {
    for (let tried = 0; ; tried += 1) {
      const now = deps.clock.now();
      if (now >= post.expiresAt) return [];
      const outcome = await deps.gateway.post(post.connectionId, text);
      if (outcome === 'posted') break;
      if (outcome === 'gone') return forget(deps, post, now);
      const waitMs = deps.random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** tried);
      if (deps.clock.now() + waitMs >= deadline) return post.texts.slice(index);
      await deps.clock.sleep(waitMs);
    }
  }
  return [];
}

async function forget(deps: PostDeps, { connectionId, connectedAt }: Post, now: number): Promise<readonly string[]> {
  if (now - connectedAt < MAYBE_NOT_OPEN_MS) return [];
  try {
    await deps.connections.forget(connectionId);
  } catch (error) {
    // The next delivery meets the same 410, or the row's TTL ends it.
    deps.report('forget-connection', error);
  }
  return [];
}
