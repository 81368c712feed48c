import { deliverFrames } from '../../shared/delivery/deliver-frames.ts';
import { report } from '../../shared/platform/logger.ts';
import type { Deps } from '../../shared/usecases/deps.ts';
import { clock } from './clock.ts';
import { gateway } from './gateway.ts';
import { poster } from './poster.ts';
import { stores } from './stores.ts';
import { tokenVerifier } from './tokens.ts';

/** The composition root of what handles a socket's frames. */
export const deps: Deps = {
  get stores() {
    return stores();
  },
  get gateway() {
    return gateway();
  },
  clock,
  random: Math.random,
  deliver: (deliveries) => {
    const { connections } = stores();
    return deliverFrames({ gateway: poster(), connections, clock, random: Math.random, report }, deliveries);
  },
  report,
  verifyToken: (token) => tokenVerifier()(token),
  newId: () => crypto.randomUUID(),
};
