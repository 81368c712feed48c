import { randomUUID } from 'node:crypto';
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
  MessageActionType,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, expect, test } from 'vitest';
import { buildWebApp } from '../../client/web/build.ts';
import { webHeaders } from '../../shared/platform/web-headers.ts';
import { keepScreenshot } from '../support/browser.ts';
import { deployedStack } from '../support/deployed-stack.ts';
import { type StaticSite, serveSite } from '../support/static-site.ts';
import { enter, message, say, WebAppTests } from '../support/web-app.ts';

const app = new WebAppTests();
let site: StaticSite | undefined;
afterAll(() => site?.close());

test('a user of the pool signs in under the deployed policy, chooses a password, stays over a reload, and signs out', {
  timeout: 120_000,
}, async () => {
  const { outputs, webSocketUrl, endpoint, region, credentials } = deployedStack();
  const { UserPoolId, UserPoolClientId: clientId } = outputs;
  const username = `erin-${randomUUID().slice(0, 8)}`;
  const [temporary, password] = ['Temporary-1-Password!', 'Correct-2-Horse-Battery!'];
  const pool = new CognitoIdentityProviderClient({ endpoint, region, credentials });
  await pool.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username: username,
      TemporaryPassword: temporary,
      MessageAction: MessageActionType.SUPPRESS,
    }),
  );

  // As the stack would serve it, except that the emulator does not answer with a subprotocol.
  const signIn = { clientId, endpoint: `${endpoint}/` };
  site = await serveSite(
    buildWebApp().directory,
    { webSocketUrl, tokenIn: 'query', userPool: signIn },
    webHeaders([webSocketUrl, signIn.endpoint]),
  );
  const page = await app.open('', { site: site.url });
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page
    .getByRole('alert')
    .getByText(/incorrect/i)
    .waitFor();
  app.complaints.splice(0);

  await page.getByLabel('Password').fill(temporary);
  await keepScreenshot(page, 'web-password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('New password, again').fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: `${username} Online` }).waitFor();

  const channel = `room-${username}`;
  await enter(page, channel);
  await say(page, 'Signed in');
  await message(page, 'Signed in').waitFor();
  await page.reload();
  await message(page, 'Signed in').waitFor();

  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('Username').waitFor();
  await page.reload();
  await page.getByLabel('Username').waitFor();
  expect(await page.evaluate('sessionStorage.length + localStorage.length')).toBe(0);
});
