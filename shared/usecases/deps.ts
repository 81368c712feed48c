import type { Identity } from '../domain/identity.ts';
import type { Clock, Gateway, Random, RoomFrames, Stores } from '../domain/ports.ts';

/** Everything a use case may need; tests pass fakes. */
export interface Deps {
  readonly stores: Stores;
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly random: Random;
  /** Hands ephemeral frames to whoever is in the rooms now. Best effort: MUST NOT reject. */
  readonly deliver: (frames: RoomFrames) => Promise<void>;
  /** Gives the identity of a valid token, undefined of an invalid one (CONN-2); rejects if the issuer is unreachable. */
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
