import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { createConnectionControl } from '../../shared/delivery/connection-control.ts';
import type { Gateway } from '../../shared/domain/ports.ts';
import { readEnvironment } from '../../shared/platform/read-environment.ts';
import { once } from './once.ts';
import { poster } from './poster.ts';
import { TIME_LIMITS } from './time-limits.ts';

/** Two, so that closing or inspecting a connection that hangs leaves the handler time for its answer. */
const MAX_ATTEMPTS = 2;

/** The whole management API, for a function that ends connections; one that only posts imports the poster alone. */
export const gateway = /* @__PURE__ */ once((): Gateway => {
  const endpoint = readEnvironment('managementEndpoint');
  const client = new ApiGatewayManagementApiClient({
    endpoint,
    requestHandler: TIME_LIMITS,
    maxAttempts: MAX_ATTEMPTS,
  });
  return { ...poster(), ...createConnectionControl(client) };
});
