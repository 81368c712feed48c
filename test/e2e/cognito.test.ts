import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';
import { deployedStack } from '../support/deployed-stack.ts';

const { endpoint, region, credentials, outputs } = deployedStack();
const cognito = new CognitoIdentityProviderClient({ endpoint, region, credentials });
const [UserPoolId, ClientId] = [outputs.UserPoolId, outputs.UserPoolClientId];
const PASSWORD = 'Correct-horse-7-battery';

afterAll(() => cognito.destroy());

/** Creates a user in the stack's pool as the README tells an operator to, and signs in. */
async function signIn(Username: string) {
  await cognito.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }));
  await cognito.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }));
  const { AuthenticationResult } = await cognito.send(
    new AdminInitiateAuthCommand({
      ...{ UserPoolId, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' },
      AuthParameters: { USERNAME: Username, PASSWORD },
    }),
  );
  const { AccessToken = '', IdToken = '' } = AuthenticationResult ?? {};
  return { accessToken: AccessToken, idToken: IdToken };
}

function subjectOf(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub;
}

describe('a user of the Cognito pool', () => {
  test('CONN-2: signs in and chats with a user from the other issuer', async ({ chat }) => {
    const { accessToken } = await signIn(chat.id('ada'));
    const ada = await chat.connect('ada', { token: accessToken, sendTokenAs: 'header' });
    const bob = await chat.connect('bob');
    const conversationId = await chat.channel(bob, ada);

    await ada.say(conversationId, 'from the pool');
    const { data } = await bob.hears('from the pool');
    await bob.say(conversationId, 'welcome');
    await ada.hears('welcome');

    expect(data.senderId).toBe(subjectOf(accessToken));
    expect((await ada.ask('ping', {})).userId).toBe(subjectOf(accessToken));
  });

  test('CONN-2: is refused with an ID token, and with a token for another client', async ({ chat }) => {
    const { accessToken, idToken } = await signIn(chat.id('ada'));
    const [header, payload, signature] = accessToken.split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
    const other = Buffer.from(JSON.stringify({ ...claims, client_id: 'another' })).toString('base64url');

    await expect(chat.connect('ada', { token: idToken })).rejects.toMatchObject({ status: 403 });
    const forged = [header, other, signature].join('.');
    await expect(chat.connect('ada', { token: forged })).rejects.toMatchObject({ status: 403 });
    expect(await chat.stores.itemsWith(subjectOf(accessToken))).toEqual([]);
  });

  test('CONN-3: refreshes with a token for the same user, and with no other', async ({ chat }) => {
    const [first, other] = [await signIn(chat.id('ada')), await signIn(chat.id('eve'))];
    const ada = await chat.connect('ada', { token: first.accessToken });

    expect(await ada.ask('refresh-token', { token: first.accessToken })).toMatchObject({
      expiresAt: expect.any(String),
    });
    for (const token of [other.accessToken, first.idToken, await chat.token('ada')]) {
      expect(await ada.refusal('refresh-token', { token })).toMatchObject({ code: 'unauthorized' });
    }
  });
});
