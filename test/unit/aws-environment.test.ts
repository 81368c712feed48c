import { afterEach, expect, test, vi } from 'vitest';
import { commandEnvironment, ownTarget, targetFromEnvironment } from '../../scripts/emulator/aws-environment.ts';

afterEach(() => vi.unstubAllEnvs());

test('a command that talks to the emulator does not see the AWS accounts of the person who runs it', () => {
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_DYNAMODB', 'CDK_DEFAULT_ACCOUNT'])
    vi.stubEnv(name, 'their own');
  vi.stubEnv('CDK_HOME', '/home/them/.cdk');
  const environment = commandEnvironment(ownTarget('http://localhost:4566'));
  expect(Object.values(environment)).not.toContain('their own');
  expect(environment).toMatchObject({
    AWS_ENDPOINT_URL: 'http://localhost:4566',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    CDK_HOME: expect.stringMatching(/\/\.local\/cdk$/),
  });
});

test.each([
  'https://dynamodb.eu-west-1.api.aws',
  'https://s3.amazonaws.com.cn',
  'https://x.amazonaws.eu',
  'https://s3.api.amazonwebservices.com.cn',
])('%s is AWS, which `npm start` refuses to touch', (AWS_ENDPOINT_URL) => {
  expect(() => targetFromEnvironment({ AWS_ENDPOINT_URL })).toThrow('AWS itself');
});
