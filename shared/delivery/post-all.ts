import { MAYBE_NOT_OPEN_MS, type Subscription } from '../domain/connection.ts';
import { mapBounded } from '../domain/map-bounded.ts';
import type { Clock, ConnectionStore, Gateway, Random } from '../domain/ports.ts';
import type { Report } from '../domain/report.ts';
import { MAX_SOCKETS } from './post-to-connection.ts';

/** One connection and the texts it is owed, in order. Times are ms since the epoch. */
export interface Post {
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly expiresAt: number;
  readonly texts: readonly string[];
  /** The subscription for which it gets them; a retry does not know it. */
  readonly subscription?: Subscription;
}

/** What a subscriber is owed. */
export function toPost(subscription: Subscription, texts: readonly string[]): Post {
  const { connectionId, connectedAt, expiresAt } = subscription;
  return { connectionId, connectedAt, expiresAt, texts, subscription };
}

export interface PostDeps {
  readonly gateway: Pick<Gateway, 'post'>;
  readonly connections: Pick<ConnectionStore, 'forget' | 'dropSubscription'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
}

const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 2_000;
/** A post that takes longer is tried again: an API Gateway answers within tens of milliseconds. */
const POST_MAX_MS = 3_000;

/**
 * Posts to many connections with bounded concurrency, each connection's texts in order. Throttles and failures are
 * tried again with full jitter. After `budgetMs` nothing begins, and what is under way ends: all that is not posted
 * then is given back as owed, whether it was tried or not. One bad connection never keeps others waiting.
 *
 * A gone connection's row is deleted, and the stream cleans up the rest. What the management API refuses is not tried
 * again and reported; the client finds the gap (LOG-5).
 */
export async function postAll(deps: PostDeps, posts: Iterable<Post>, budgetMs: number): Promise<readonly Post[]> {
  const deadline = deps.clock.now() + budgetMs;
  const owed: Post[] = [];
  const refusals = new Map<number, number>();
  const refused = (status: number) => void refusals.set(status, (refusals.get(status) ?? 0) + 1);
  await mapBounded(
    posts,
    async (post) => {
      const texts = await postOne(deps, post, deadline, refused);
      if (texts.length > 0) owed.push({ ...post, texts });
    },
    MAX_SOCKETS,
  );
  for (const [status, count] of refusals) {
    deps.report('management-refused', new Error(`the management API answered ${status} to a post`), count);
  }
  return owed;
}

async function postOne(
  deps: PostDeps,
  post: Post,
  deadline: number,
  refused: (status: number) => void,
): Promise<readonly string[]> {
  for (const [index, text] of post.texts.entries()) {
    for (let tried = 0; ; tried += 1) {
      const now = deps.clock.now();
      if (now >= post.expiresAt) return [];
      if (now >= deadline) return post.texts.slice(index);
      const outcome = await deps.gateway.post(post.connectionId, text, Math.min(POST_MAX_MS, deadline - now));
      if (outcome === 'posted') break;
      if (outcome === 'gone') return forget(deps, post, now);
      if (outcome !== 'later') {
        refused(outcome.refused);
        break;
      }
      const waitMs = deps.random() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** tried);
      if (deps.clock.now() + waitMs >= deadline) return post.texts.slice(index);
      await deps.clock.sleep(waitMs);
    }
  }
  return [];
}

/**
 * Ends what is left of a connection that is gone. If its row is gone already, the stream's clean-up was given up on or
 * is under way, and the subscription that led here would lead here again until its end: it is dropped by itself. No
 * join can have made it meanwhile, since a join requires the row.
 */
async function forget(deps: PostDeps, post: Post, now: number): Promise<readonly string[]> {
  const { connectionId, connectedAt, subscription } = post;
  if (now - connectedAt < MAYBE_NOT_OPEN_MS) return [];
  try {
    const wasThere = await deps.connections.forget(connectionId);
    if (wasThere || !subscription) return [];
    const { room, shard, userId } = subscription;
    await deps.connections.dropSubscription(room, shard, userId, connectionId);
  } catch (error) {
    // The next delivery meets the same 410, or the row's TTL ends it.
    deps.report('forget-connection', error);
  }
  return [];
}
