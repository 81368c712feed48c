import middy from '@middy/core';
import * as z from 'zod';
import { ENVIRONMENT } from '../shared/platform/environment.ts';
import { logger } from '../shared/platform/logger.ts';
import type { Deps } from '../shared/usecases/deps.ts';
import { readToken } from './middleware/handshake-token.ts';
import { requestLog } from './middleware/request-log.ts';
import { headersOf, sentHeaders } from './middleware/socket-event.ts';
import { tokenVerifier } from './runtime/tokens.ts';

const authorizerEvent = z.object({
  methodArn: z.string(),
  ...sentHeaders.shape,
  queryStringParameters: z.record(z.string(), z.string()).nullish(),
  multiValueQueryStringParameters: z.record(z.string(), z.array(z.string())).nullish(),
});

export interface AuthorizeDeps extends Pick<Deps, 'verifyToken'> {
  /** Whether a token may come as `?token=` (CONN-1). */
  readonly allowQueryToken: boolean;
}

/** A policy for this handshake, and what comes with every later event of the connection: values are text. */
export interface Verdict {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly [
      { readonly Action: 'execute-api:Invoke'; readonly Effect: 'Allow' | 'Deny'; readonly Resource: string },
    ];
  };
  readonly context?: { readonly userId: string; readonly tokenExpiresAt: string };
}

/**
 * Decides on a handshake (CONN-1, CONN-2): its verdict, user and expiry, rides on every later frame. A bad token is a
 * Deny (403), stored nowhere; an issuer that cannot be reached is our failure (5xx), so a client tries again.
 */
export function authorizeHandler(deps: () => AuthorizeDeps) {
  return middy<unknown, Verdict>()
    .use(requestLog())
    .handler(async (event: unknown) => {
      const { verifyToken, allowQueryToken } = deps();
      const { methodArn, headers, multiValueHeaders, ...query } = authorizerEvent.parse(event);
      const found = readToken(headersOf({ headers, multiValueHeaders }), allowQueryToken ? queryTokens(query) : []);
      const verified = found.token === undefined ? undefined : await verifyToken(found.token);
      logger.appendKeys({ verdict: verified ? 'allow' : (found.fault ?? 'invalid token') });
      return {
        principalId: verified?.userId ?? 'nobody',
        policyDocument: {
          Version: '2012-10-17',
          Statement: [{ Action: 'execute-api:Invoke', Effect: verified ? 'Allow' : 'Deny', Resource: methodArn }],
        },
        ...(verified && { context: { userId: verified.userId, tokenExpiresAt: String(verified.tokenExpiresAt) } }),
      };
    });
}

export const handler = authorizeHandler(() => ({
  verifyToken: (token) => tokenVerifier()(token),
  allowQueryToken: process.env[ENVIRONMENT.allowQueryToken] === 'true',
}));

type Query = Pick<z.infer<typeof authorizerEvent>, 'queryStringParameters' | 'multiValueQueryStringParameters'>;

/** Every `token` of the query; the plain field tells only the last of several. */
function queryTokens({ queryStringParameters, multiValueQueryStringParameters }: Query): readonly string[] {
  const last = queryStringParameters?.token;
  return multiValueQueryStringParameters?.token ?? (last === undefined ? [] : [last]);
}
