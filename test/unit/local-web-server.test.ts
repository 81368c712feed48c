import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateKey } from '../../scripts/web/issuer.ts';
import { type PageConfig, startWebServer, type WebServer } from '../../scripts/web/web-server.ts';

const AUDIENCE = 'parley-local';
const folder = mkdtempSync(join(tmpdir(), 'parley-web-'));
let server: WebServer;

beforeAll(async () => {
  const consoleDir = join(folder, 'console');
  mkdirSync(consoleDir);
  writeFileSync(join(consoleDir, 'index.html'), '<title>Console</title>');
  writeFileSync(join(consoleDir, '.hidden'), 'secret');
  writeFileSync(join(folder, 'outside.txt'), 'secret');
  symlinkSync(join(folder, 'outside.txt'), join(consoleDir, 'link.txt'));
  const privateKey = await generateKey();
  server = await startWebServer({
    port: 0,
    issuer: (origin) => ({ issuer: origin, audience: AUDIENCE, privateKey }),
    consoleDir,
    appDir: join(folder, 'no-app'),
  });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** Like `fetch`, but the path goes out as it is written, and the host header may be another. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { port } = new URL(server.origin);
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString(),
      }),
    );
  });
  outgoing.on('error', reject);
  outgoing.end();
  return promise;
}

describe('pages', () => {
  test('are served with a strict policy', async () => {
    const { status, headers, body } = await get('/console/');
    expect({ status, body }).toEqual({ status: 200, body: '<title>Console</title>' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test('without a built app the root leads to the console', async () => {
    const { status, headers } = await get('/');
    expect({ status, location: headers.location }).toEqual({ status: 307, location: '/console/' });
  });

  test.each([
    '/console/../outside.txt',
    '/console/%2e%2e/outside.txt',
    '/console/..%2foutside.txt',
    '/console/link.txt',
    '/console/.hidden',
    '/console/%00',
    '/console/%zz',
  ])('%s is not found', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  test('only GET and HEAD are answered', async () => {
    expect((await get('/console/', {}, 'POST')).status).toBe(405);
    expect((await get('/console/', {}, 'HEAD')).body).toBe('');
  });
});

describe('the configuration for pages', () => {
  test('is missing until the stack is up, then names the socket, as the policy does', async () => {
    expect((await get('/config.json')).status).toBe(503);
    const config: PageConfig = { webSocketUrl: 'ws://localhost:4566/live', tokenIn: 'query', users: [] };
    server.publish(config);
    const { body, headers } = await get('/config.json');
    expect(JSON.parse(body)).toEqual(config);
    expect(headers['content-security-policy']).toMatch(/connect-src 'self' [^;]*ws:\/\/localhost:4566;/);
  });

  test.each(['/config.json', '/token?user=alice', '/console/'])(
    '%s is refused under another host name',
    async (path) => {
      expect((await get(path, { host: 'attacker.example' })).status).toBe(403);
    },
  );

  test('no other site may get a token', async () => {
    expect((await get('/token?user=alice', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });
});

describe('the issuer', () => {
  test('signs tokens that verify with its published keys', async () => {
    const token = (await get('/token?user=dave')).body;
    const discovery = JSON.parse((await get('/.well-known/openid-configuration')).body);
    const keys = JSON.parse((await get(new URL(discovery.jwks_uri).pathname)).body);
    const options = { issuer: server.origin, audience: AUDIENCE };
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), options);
    expect(payload.sub).toBe('dave');
  });

  test('shows no part of its private key', async () => {
    const { keys } = JSON.parse((await get('/.well-known/jwks.json')).body);
    expect(Object.keys(keys[0]).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  test.each(['', 'system', 'zoë', 'x'.repeat(256)])('"%s" is not accepted as a user id', async (userId) => {
    expect((await get(`/token?user=${encodeURIComponent(userId)}`)).status).toBe(400);
  });
});
