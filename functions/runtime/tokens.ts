import * as z from 'zod';
import { readEnvironment } from '../../shared/platform/read-environment.ts';
import { createTokenVerifier, trustedIssuer } from '../../shared/platform/token-verifier.ts';
import { once } from './once.ts';

/** Verifies a token by the keys of the stack's issuers, which are fetched once an instance. */
export const tokenVerifier = /* @__PURE__ */ once(() =>
  createTokenVerifier(
    z
      .array(trustedIssuer)
      .min(1)
      .parse(JSON.parse(readEnvironment('tokenIssuers'))),
  ),
);
