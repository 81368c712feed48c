import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { createConnectionControl } from '../../shared/delivery/connection-control.ts';
import type { Gateway } from '../../shared/domain/ports.ts';
import { report } from '../../shared/platform/logger.ts';
import { readEnvironment } from '../../shared/platform/read-environment.ts';
import { once } from './once.ts';
import { poster } from './poster.ts';
import { TIME_LIMITS } from './time-limits.ts';

/**
 * So that a gateway that hangs leaves a handler time for its answer. The longest way is a 21st connect: it inspects
 * (4 s), says farewell (1 s) and closes (4 s), within 10 s.
 */
const MAX_ATTEMPTS = 2;
const LIMITS = { ...TIME_LIMITS, requestTimeout: 1_500, connectionTimeout: 500 };

/** The whole management API, for a function that ends connections; one that only posts imports the poster alone. */
export const gateway = /* @__PURE__ */ once((): Gateway => {
  const endpoint = readEnvironment('managementEndpoint');
  const client = new ApiGatewayManagementApiClient({ endpoint, requestHandler: LIMITS, maxAttempts: MAX_ATTEMPTS });
  return {
    ...createConnectionControl(client, report),
    // What ends a connection does not look at the outcome of its farewell. A refusal must be heard all the same.
    async post(connectionId, text, limitMs) {
      const outcome = await poster().post(connectionId, text, limitMs);
      if (typeof outcome === 'object') {
        report('management-refused', new Error(`the management API answered ${outcome.refused} to a post`));
      }
      return outcome;
    },
  };
});
