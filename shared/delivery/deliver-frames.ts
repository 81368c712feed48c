import type { ConnectionStore, RoomFrames } from '../domain/ports.ts';
import { packFrames } from '../protocol/frames.ts';
import { type PostDeps, postAll, toPost } from './post-all.ts';
import { findRecipients } from './recipients.ts';

/** Short, because a handler's reply waits for it: a gateway that hangs costs a command so much, and no more. */
const BUDGET_MS = 300;

export type DeliverDeps = PostDeps & {
  readonly connections: Pick<ConnectionStore, 'forget' | 'dropSubscription' | 'subscriptions' | 'firstSubscriptions'>;
};

/**
 * Hands ephemeral frames to whoever is in the rooms now, from the handler that caused them. Never rejects: what is lost
 * is typing or a receipt, and the next one makes it whole.
 */
export async function deliverFrames(deps: DeliverDeps, { frames, ...query }: RoomFrames): Promise<void> {
  try {
    const recipients = await findRecipients(deps.connections, query, deps.clock.now());
    const texts = packFrames(frames);
    const owed = await postAll(
      deps,
      recipients.map((subscription) => toPost(subscription, texts)),
      BUDGET_MS,
    );
    if (owed.length > 0) deps.report('deliver-ephemeral', new Error('connections did not take a frame'), owed.length);
  } catch (error) {
    deps.report('deliver-ephemeral', error);
  }
}
