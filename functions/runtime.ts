import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { deliverFrames } from '../shared/delivery/deliver-frames.ts';
import { createGateway } from '../shared/delivery/gateway.ts';
import { createPublisher } from '../shared/delivery/publish-to-bus.ts';
import type { PublishToBus } from '../shared/domain/bus-events.ts';
import type { Clock, Gateway, Stores } from '../shared/domain/ports.ts';
import { ENVIRONMENT } from '../shared/platform/environment.ts';
import { logger, report } from '../shared/platform/logger.ts';
import { readEnvironment } from '../shared/platform/read-environment.ts';
import { createTokenVerifier, trustedIssuer } from '../shared/platform/token-verifier.ts';
import { createStores } from '../shared/store/stores.ts';
import type { Deps } from '../shared/usecases/deps.ts';

/**
 * The composition root: every handler takes from here what it needs, made once an instance and only if asked for, so
 * that a function needs no more environment than its own.
 */
export const clock: Clock = {
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export const stores = once((): Stores => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
    marshallOptions: { removeUndefinedValues: true },
  });
  // Some functions have one table only; the other's name is then absent, and a call on it fails as it should.
  const { [ENVIRONMENT.chatTable]: chat = '', [ENVIRONMENT.connectionsTable]: connections = '' } = process.env;
  return createStores(client, { chat, connections });
});

export const gateway = once((): Gateway => {
  const { AWS_REGION, AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
  return createGateway({
    endpoint: readEnvironment('managementEndpoint'),
    region: AWS_REGION ?? '',
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    },
  });
});

export const publishToBus = once(
  (): PublishToBus => createPublisher(new EventBridgeClient({}), readEnvironment('busName')),
);

export const verifyToken = once(() =>
  createTokenVerifier(
    z
      .array(trustedIssuer)
      .min(1)
      .parse(JSON.parse(readEnvironment('tokenIssuers'))),
  ),
);

/** What the use cases behind a socket's frames need. */
export const deps: Deps = {
  get stores() {
    return stores();
  },
  get gateway() {
    return gateway();
  },
  clock,
  random: Math.random,
  deliver: (frames) =>
    deliverFrames(
      { gateway: gateway(), connections: stores().connections, clock, random: Math.random, report },
      frames,
    ),
  verifyToken: (token) => verifyToken()(token),
  newId: () => crypto.randomUUID(),
};

export { logger, report };

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
