import { App } from 'aws-cdk-lib';
import { describe, expect, it, vi } from 'vitest';
import { readSettings } from '../../infra/settings.ts';
import { buildStack, Synthesized } from './synthesize.ts';

const ISSUER = 'https://issuer.example';

describe('context that contradicts itself fails the synthesis, with a sentence', () => {
  it.each([
    [{ issuer: ISSUER }, 'Context "issuer" needs "audience"'],
    [{ audience: 'chat' }, 'Context "audience" needs "issuer"'],
    [{ jwksUri: `${ISSUER}/keys` }, 'Context "jwksUri" needs "issuer"'],
    [{ issuer: 'issuer.example', audience: 'chat' }, 'it must be an http or https URL'],
    [{ issuer: 'http://issuer.example', audience: 'chat' }, 'The issuer http://issuer.example must be an https URL'],
    [
      { issuer: ISSUER, audience: 'chat', jwksUri: 'http://issuer.example/keys' },
      'The key set http://issuer.example/keys must be an https URL',
    ],
    [{ issuer: 7, audience: 'chat' }, 'Context "issuer" must be text'],
    [{ removeData: 'yes' }, 'Context "removeData" is "yes"; it must be true or false'],
    [{ local: 'true' }, 'Context "local" needs "endpoint"'],
    [{ stackName: '1 chat' }, 'Context "stackName" is "1 chat"'],
  ])('%j', (context, sentence) => {
    expect(() => buildStack(context)).toThrow(sentence);
  });
});

/** TOKEN_ISSUERS as the authorizer gets it, with `…` for every reference. */
function issuersOf(stack: Synthesized): { issuer: string; allowHttp?: boolean }[] {
  const value: string | { 'Fn::Join': [string, unknown[]] } = stack.functions().get('authorize')?.Properties.Environment
    .Variables.TOKEN_ISSUERS;
  const text =
    typeof value === 'string'
      ? value
      : value['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : '…')).join('');
  return JSON.parse(text);
}

describe('whose tokens are accepted', () => {
  it('access tokens from a user pool that the stack made (CONN-2)', () => {
    const stack = new Synthesized();
    expect(issuersOf(stack)).toEqual([
      {
        issuer: 'https://cognito-idp.….amazonaws.com/…',
        audience: '…',
        jwksUri: 'https://cognito-idp.….amazonaws.com/…/.well-known/jwks.json',
        tokenUse: 'access',
      },
    ]);
  });

  it('or only tokens from a given issuer', () => {
    const stack = new Synthesized({ issuer: ISSUER, audience: 'chat' });
    expect(issuersOf(stack)).toEqual([{ issuer: ISSUER, audience: 'chat' }]);
    expect(stack.all('AWS::Cognito::UserPool')).toEqual([]);
  });

  it('or tokens from both', () => {
    const stack = new Synthesized({ issuer: ISSUER, audience: 'chat', jwksUri: `${ISSUER}/keys`, userPool: 'true' });
    expect(issuersOf(stack).map(({ issuer }) => issuer)).toEqual([ISSUER, 'https://cognito-idp.….amazonaws.com/…']);
  });

  it('a command line can sign a user in', () => {
    const [, client] = new Synthesized().only('AWS::Cognito::UserPoolClient');
    expect(client.Properties.ExplicitAuthFlows).toContain('ALLOW_USER_PASSWORD_AUTH');
  });
});

describe('an issuer without TLS', () => {
  const local = { issuer: 'http://localhost:8080', audience: 'chat', local: 'true', endpoint: 'http://localhost:4566' };
  const flags = (stack: Synthesized) => issuersOf(stack).map(({ allowHttp }) => allowHttp);

  it('is for a local stack alone, whose functions are told that it may be', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(flags(new Synthesized(local))).toEqual([true]);
    expect(flags(new Synthesized({ ...local, userPool: 'true' }))).toEqual([true, true]);
    expect(flags(new Synthesized({ issuer: ISSUER, audience: 'chat', userPool: 'true' }))).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('AWS_ENDPOINT_URL', () => {
  const isLocal = (endpoint: string) =>
    readSettings(new App().node, { AWS_ENDPOINT_URL: endpoint }).emulator !== undefined;

  it.each([
    'https://dynamodb.us-east-1.amazonaws.com',
    'https://cloudformation.cn-north-1.amazonaws.com.cn',
    'https://dynamodb.eu-west-1.api.aws',
    'https://vpce-1.dynamodb.us-east-1.vpce.amazonaws.com/',
    'https://s3.cn-north-1.api.amazonwebservices.com.cn',
    'https://cloudformation.eusc-de-east-1.amazonaws.eu',
    'https://lambda.us-iso-east-1.c2s.ic.gov',
    'https://AMAZONAWS.COM.',
  ])('%s is AWS, not an emulator', (endpoint) => {
    expect(isLocal(endpoint)).toBe(false);
  });

  it.each(['http://localhost:4566', 'http://api.aws.example', 'https://notamazonaws.com', 'http://[::1]:4566'])(
    '%s is an emulator',
    (endpoint) => {
      expect(isLocal(endpoint)).toBe(true);
    },
  );
});

describe('stackName', () => {
  it('makes a separate chat', () => {
    expect(buildStack({ stackName: 'Other' }).stackName).toBe('Other');
    expect(buildStack().stackName).toBe('Parley');
  });
});
