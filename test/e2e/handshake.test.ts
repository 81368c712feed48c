import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { beforeAll, describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';
import { deployedStack } from '../support/deployed-stack.ts';
import { connect, Refused } from '../support/socket-client.ts';
import { forgedTokens, tokenFor } from '../support/tokens.ts';

/** A user who is never let in. */
const MALLORY = `mallory-${randomUUID()}`;
const { webSocketUrl: url, issuer } = deployedStack();
let forged: Record<string, string>;

beforeAll(async () => {
  forged = await forgedTokens(issuer, MALLORY);
});

/** The status of a refused handshake, or undefined if it succeeds. */
async function refusal(handshake: Parameters<typeof connect>[0]): Promise<number | undefined> {
  try {
    await (await connect(handshake)).close();
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.status;
    throw error;
  }
}

describe('a handshake', () => {
  test('CONN-1: a token is accepted in a header and in the query', async ({ chat }) => {
    for (const sendTokenAs of ['header', 'query'] as const) {
      const client = await chat.connect('alice', { sendTokenAs });
      expect(await client.ask('ping', {})).toMatchObject({ userId: client.userId, protocol: 'chat.v1' });
    }
  });

  test('CONN-1: a token is accepted as a subprotocol', async ({ chat }) => {
    const token = await chat.token('alice');
    const handshake = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol': `chat.v1, bearer.${token}`,
    };
    expect(await statusOf(handshake)).toBe(101);
    expect(await statusOf({ ...handshake, 'sec-websocket-protocol': 'chat.v1, bearer.abc' })).toBe(403);
  });

  test('CONN-1: is refused without a token, with two, or with one that is not marked as one', async () => {
    const token = await tokenFor(issuer, MALLORY);
    const authorization = `Bearer ${token}`;
    const refused = [
      { url },
      { url, token: '' },
      { url, token, options: { headers: { authorization } } },
      { url, token, protocols: ['chat.v1', `bearer.${token}`] },
      { url, protocols: ['chat.v1', `bearer.${token}`], options: { headers: { authorization } } },
      { url, options: { headers: { authorization: token } } },
      { url, options: { headers: { authorization: 'Basic abc' } } },
      { url: `${url}?access_token=${token}` },
    ];
    for (const handshake of refused) expect(await refusal(handshake)).toBe(403);
  });

  test('CONN-2: is refused with any forged token, wherever it is', async () => {
    const outcomes = await Promise.all(
      Object.entries(forged).map(async ([name, token], index) => {
        const sendTokenAs = index % 2 === 0 ? 'query' : 'header';
        return [name, await refusal({ url, token, sendTokenAs })];
      }),
    );
    expect(outcomes).toEqual(Object.keys(forged).map((name) => [name, 403]));
  });

  test('CONN-2: stores nothing about a user who was refused', async ({ chat }) => {
    const valid = await tokenFor(issuer, MALLORY);
    expect(await refusal({ url, token: forged.expired as string })).toBe(403);
    expect(await refusal({ url, token: valid, protocols: [`bearer.${valid}`] })).toBe(403);
    expect(await chat.stores.itemsWith(MALLORY)).toEqual([]);
  });
});

/** The status of a handshake made by hand: the emulator does not echo a subprotocol, and `ws` insists on that. */
async function statusOf(headers: Record<string, string>): Promise<number> {
  const outgoing = request(url.replace(/^ws/, 'http'), { headers });
  return new Promise((resolve, reject) => {
    outgoing.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
