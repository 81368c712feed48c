import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

export interface StaticSite {
  /** The site's address. Any path that is not a file leads to the page. */
  readonly url: string;
  close(): void;
}

/** Serves a folder and a `config.json` as CloudFront does: with these headers, and the page for any other path. */
export async function serveSite(
  directory: string,
  config: object,
  headers: Readonly<Record<string, string>>,
): Promise<StaticSite> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const reply = (name: string, body: string | Buffer) =>
      response.writeHead(200, { ...headers, 'content-type': TYPES[extname(name)] ?? 'text/plain' }).end(body);
    if (pathname === '/config.json') return reply(pathname, JSON.stringify(config));
    const file = await readFile(join(directory, pathname)).catch(() => undefined);
    return file ? reply(pathname, file) : reply('index.html', await readFile(join(directory, 'index.html')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
