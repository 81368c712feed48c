import { describe, expect, it } from 'vitest';
import { buildStack, Synthesized } from './synthesize.ts';

const ISSUER = 'https://issuer.example';

describe('context that contradicts itself fails the synthesis, with a sentence', () => {
  it.each([
    [{ issuer: ISSUER }, 'Context "issuer" needs "audience"'],
    [{ audience: 'chat' }, 'Context "audience" needs "issuer"'],
    [{ jwksUri: `${ISSUER}/keys` }, 'Context "jwksUri" needs "issuer"'],
    [{ issuer: 'issuer.example', audience: 'chat' }, 'it must be an http or https URL'],
    [{ issuer: 7, audience: 'chat' }, 'Context "issuer" must be text'],
    [{ removeData: 'yes' }, 'Context "removeData" is "yes"; it must be true or false'],
    [{ local: 'true' }, 'Context "local" needs "endpoint"'],
    [{ stackName: '1 chat' }, 'Context "stackName" is "1 chat"'],
  ])('%j', (context, sentence) => {
    expect(() => buildStack(context)).toThrow(sentence);
  });
});

/** TOKEN_ISSUERS as the authorizer gets it, with `…` for every reference. */
function issuersOf(stack: Synthesized): { issuer: string }[] {
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

describe('stackName', () => {
  it('makes a separate chat', () => {
    expect(buildStack({ stackName: 'Other' }).stackName).toBe('Other');
    expect(buildStack().stackName).toBe('Parley');
  });
});
