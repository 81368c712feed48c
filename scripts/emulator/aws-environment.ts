import { delimiter, join } from 'node:path';
import { isAwsUrl } from '../../shared/platform/aws-domains.ts';
import { BINARIES_DIR, LOCAL_DIR } from '../common/paths.ts';
import { Problem } from '../common/problem.ts';

const DEFAULT_REGION = 'us-east-1';
const EMULATOR_ACCOUNT = '000000000000';
/** Any credentials do for an emulator; to MiniStack these are the root user of its account. */
const EMULATOR_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

/** Which emulator to talk to, and as whom. */
export interface Target {
  readonly endpoint: string;
  /** Account of the credentials, where it is known beforehand. */
  readonly account?: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The emulator that `npm start` and the tests start themselves. */
export function ownTarget(endpoint: string): Target {
  return { endpoint, account: EMULATOR_ACCOUNT, region: DEFAULT_REGION, credentials: EMULATOR_CREDENTIALS };
}

/**
 * The emulator that the environment names, with its region and credentials; `undefined` if it names none.
 * @throws Problem if that is not an address, or is AWS itself: `npm start` never touches a real account
 */
export function targetFromEnvironment(env: NodeJS.ProcessEnv = process.env): Target | undefined {
  const endpoint = env.AWS_ENDPOINT_URL?.replace(/\/+$/, '');
  if (!endpoint) return undefined;
  const url = URL.parse(endpoint);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Problem(
      `AWS_ENDPOINT_URL is "${endpoint}", not an address: set it to one such as http://localhost:4566, or unset it.`,
    );
  }
  if (isAwsUrl(endpoint)) {
    throw new Problem('AWS_ENDPOINT_URL points at AWS itself: unset it; to deploy there, use `npx cdk deploy`.');
  }
  return {
    endpoint,
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || DEFAULT_REGION,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID || EMULATOR_CREDENTIALS.accessKeyId,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY || EMULATOR_CREDENTIALS.secretAccessKey,
    },
  };
}

/**
 * The environment for a command that talks to the emulator. Nothing of the user's own AWS settings is in it (profiles,
 * sessions, per-service endpoints), so that no call can reach a real account.
 */
export function commandEnvironment({ endpoint, region, credentials }: Target): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  return {
    ...Object.fromEntries(others),
    PATH: `${BINARIES_DIR}${delimiter}${process.env.PATH ?? ''}`,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    // The CDK remembers there which account an access key belongs to, and "test" belongs to another one elsewhere.
    CDK_HOME: join(LOCAL_DIR, 'cdk'),
    CDK_DISABLE_VERSION_CHECK: '1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}
