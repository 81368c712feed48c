import {
  type ApiGatewayManagementApiClient,
  ApiGatewayManagementApiServiceException,
  DeleteConnectionCommand,
  GetConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Gateway } from '../domain/ports.ts';
import type { Report } from '../domain/report.ts';

const GONE_STATUS = 410;

/**
 * The gateway's `close` and `inspect`, through the SDK: they are rare, so its CPU time per call does not matter, and it
 * tries again by itself what was throttled.
 */
export function createConnectionControl(
  client: ApiGatewayManagementApiClient,
  report: Report,
): Pick<Gateway, 'close' | 'inspect'> {
  /** Like a post: anything but 410, 429 and 5xx will not be otherwise later, and needs a person. */
  const reportRefusal = (error: unknown): void => {
    const status = statusOf(error);
    if (status !== undefined && status !== GONE_STATUS && status !== 429 && status < 500) {
      report('management-refused', error);
    }
  };
  return {
    async close(connectionId) {
      try {
        await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
      } catch (error) {
        reportRefusal(error);
        // The socket ends by itself within two hours; its row is gone, so it gets nothing more.
      }
    },
    async inspect(connectionId) {
      try {
        await client.send(new GetConnectionCommand({ ConnectionId: connectionId }));
        return 'open';
      } catch (error) {
        reportRefusal(error);
        return statusOf(error) === GONE_STATUS ? 'gone' : 'unknown';
      }
    },
  };
}

/** By the status and not by the exception's class, which the SDK picks by a header that a proxy may drop. */
function statusOf(error: unknown): number | undefined {
  return error instanceof ApiGatewayManagementApiServiceException ? error.$metadata.httpStatusCode : undefined;
}
