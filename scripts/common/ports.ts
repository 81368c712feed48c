import { createServer } from 'node:net';
import { Problem } from './problem.ts';

export const LOOPBACK = '127.0.0.1';

/** A port of the loopback interface that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const port = await tryListen(0);
  if (port === undefined)
    throw new Problem('No free port was found on 127.0.0.1: close some programs, then run this again.');
  return port;
}

/** Whether the port can be listened on. */
export async function isFree(port: number): Promise<boolean> {
  return (await tryListen(port)) !== undefined;
}

/**
 * Reads a port from the environment.
 * @throws Problem if it is set to something that is no port
 */
export function portFrom(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Problem(
      `${name} is "${text}", which is no port: set it to a number from 1 to 65535, or unset it for ${fallback}.`,
    );
  }
  return port;
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
