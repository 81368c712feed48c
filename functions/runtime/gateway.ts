import { createGateway } from '../../shared/delivery/gateway.ts';
import type { Gateway } from '../../shared/domain/ports.ts';
import { readEnvironment } from '../../shared/platform/read-environment.ts';
import { once } from './once.ts';

/** Lambda gives the credentials for the life of the instance. */
export const gateway = /* @__PURE__ */ once((): Gateway => {
  const { AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
  return createGateway({
    endpoint: readEnvironment('managementEndpoint'),
    region: AWS_REGION,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    },
  });
});
