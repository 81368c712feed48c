import type { Identity } from '../domain/identity.ts';
import type { Clock, Gateway, Random, RoomFrames, Stores } from '../domain/ports.ts';
import type { Report } from '../domain/report.ts';

/** Everything a use case may need; tests pass fakes. */
export interface Deps {
  readonly stores: Stores;
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * Hands ephemeral frames to everybody who is in the rooms now. Best effort: MUST NOT reject. A command calls it once,
   * with all that it has to deliver: its time is bounded for each call.
   */
  readonly deliver: (deliveries: readonly RoomFrames[]) => Promise<void>;
  /** Told of what failed and was done without. */
  readonly report: Report;
  /** Who a valid token speaks for; undefined if it is not valid (CONN-2). Rejects if the issuer cannot be reached. */
  readonly verifyToken: (token: string) => Promise<Identity | undefined>;
  /** A fresh id, unguessable. */
  readonly newId: () => string;
}

/** Who sends a frame, as the gateway says; never taken from the frame. */
export interface Actor extends Identity {
  readonly connectionId: string;
  /** The gateway's id of this frame. */
  readonly requestId: string;
}
