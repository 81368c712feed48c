import { mapBounded } from '../domain/map-bounded.ts';
import type { ConnectionStore, RoomFrames } from '../domain/ports.ts';
import { packFrames } from '../protocol/frames.ts';
import { type Post, type PostDeps, postAll, toPost } from './post-all.ts';
import { findRecipients } from './recipients.ts';

/** Short, because a handler's reply waits for it: a gateway that hangs costs a command so much, and no more. */
const BUDGET_MS = 300;

export type DeliverDeps = PostDeps & {
  readonly connections: Pick<ConnectionStore, 'forget' | 'dropSubscription' | 'subscriptions' | 'firstSubscriptions'>;
};

/**
 * Hands ephemeral frames to whoever is in the rooms now, from the handler that caused them: all deliveries of a command
 * in one call, because they share one budget. What has not begun when it ends is dropped and reported; a read that is
 * under way is waited for. Never rejects: what is lost is typing, a receipt or a status, and the next one makes it whole.
 */
export async function deliverFrames(deps: DeliverDeps, deliveries: readonly RoomFrames[]): Promise<void> {
  const deadline = deps.clock.now() + BUDGET_MS;
  const drop = (reason: string, count: number) => deps.report('deliver-ephemeral', new Error(reason), count);
  let unread = 0;
  const postsTo = async ({ frames, ...query }: RoomFrames): Promise<readonly Post[]> => {
    const now = deps.clock.now();
    if (now >= deadline) {
      unread += 1;
      return [];
    }
    try {
      const recipients = await findRecipients(deps.connections, query, now);
      const texts = packFrames(frames);
      return recipients.map((subscription) => toPost(subscription, texts));
    } catch (error) {
      deps.report('deliver-ephemeral', error);
      return [];
    }
  };
  try {
    const posts = (await mapBounded(deliveries, postsTo)).flat();
    if (unread > 0) drop('rooms were not read in time', unread);
    const owed = await postAll(deps, posts, deadline - deps.clock.now());
    if (owed.length > 0) drop('connections did not take a frame', owed.length);
  } catch (error) {
    deps.report('deliver-ephemeral', error);
  }
}
