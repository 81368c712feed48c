import { createPoster } from '../../shared/delivery/post-to-connection.ts';
import { readEnvironment } from '../../shared/platform/read-environment.ts';
import { once } from './once.ts';

/** Posts to connections. Lambda gives the credentials for the life of the instance. */
export const poster = /* @__PURE__ */ once(() => {
  const { AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
  return createPoster({
    endpoint: readEnvironment('managementEndpoint'),
    region: AWS_REGION,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    },
  });
});
