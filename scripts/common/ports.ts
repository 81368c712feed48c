import { createServer } from 'node:net';
import { Problem } from './problem.ts';

export const LOOPBACK = '127.0.0.1';
const LOOPBACK_V6 = '::1';
/** Between being given a port and looking at it, somebody else may take it. */
const FREE_PORT_ATTEMPTS = 10;

/**
 * A port of the loopback interface that nobody listens on at the moment.
 * @throws Problem if there is none
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < FREE_PORT_ATTEMPTS; attempt += 1) {
    const port = await anyPort();
    if (port !== undefined && (await isFree(port))) return port;
  }
  throw new Problem('No free port was found on 127.0.0.1: close some programs, then run this again.');
}

/**
 * Whether the port can be listened on, and nobody else listens on the same one of the other loopback address: where
 * `localhost` means `::1` first, its callers would end up there.
 */
export async function isFree(port: number): Promise<boolean> {
  const listening = await Promise.all([LOOPBACK, LOOPBACK_V6].map((address) => tryListen(port, address)));
  // A machine without IPv6 has nobody on it either.
  return listening[0] === 'free' && listening[1] !== 'taken';
}

/**
 * Reads a port from the environment.
 * @throws Problem if it is set to something else than a port
 */
export function portFrom(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Problem(
      `${name} is "${text}", which is not a port: set it to a number from 1 to 65535, or unset it for ${fallback}.`,
    );
  }
  return port;
}

/** A port that the system gives. */
function anyPort(): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}

function tryListen(port: number, address: string): Promise<'free' | 'taken' | 'impossible'> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EADDRINUSE' ? 'taken' : 'impossible'));
    server.listen(port, address, () => server.close(() => resolve('free')));
  });
}
