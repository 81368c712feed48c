import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort, isFree } from '../../scripts/common/ports.ts';
import { generateKey } from '../../scripts/web/issuer.ts';
import { startWebServer } from '../../scripts/web/web-server.ts';

const open: Server[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** Takes a port on one address, as another program would. False if this machine has no such address. */
function occupy(port: number, address: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, address, () => {
      open.push(server);
      resolve(true);
    });
  });
}

const port = await freePort();
const hasIpv6 = await occupy(0, '::1');

describe.each(['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])])('a port that another program uses on %s', (address) => {
  test('is not free', async () => {
    expect(await isFree(port)).toBe(true);
    await occupy(port, address);
    expect(await isFree(port)).toBe(false);
  });

  test('is not used for the pages, because `localhost` might open the other program', async () => {
    await occupy(port, address);
    const issuer = { issuer: 'http://localhost', audience: 'nobody', privateKey: await generateKey() };
    const started = startWebServer({ port, issuer: () => issuer, consoleDir: '/nowhere', appDir: '/nowhere' });
    await expect(started).rejects.toThrow(`Port ${port} is taken by another program`);
  });
});
