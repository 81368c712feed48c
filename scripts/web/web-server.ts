import { readFile, realpath } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, sep } from 'node:path';
import { AWS_DOMAINS } from '../../shared/platform/aws-domains.ts';
import { webHeaders } from '../../shared/platform/web-headers.ts';
import { userId } from '../../shared/protocol/identifiers.ts';
import { PROJECT_ROOT } from '../common/paths.ts';
import { isFree, LOOPBACK } from '../common/ports.ts';
import { Problem } from '../common/problem.ts';
import type { DemoUser } from '../start/stack-file.ts';
import { documentsOf, type Issuer, type IssuerDocuments, mintToken } from './issuer.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
/** Names under which this machine calls itself; any other in `Host` is another site's (DNS rebinding). */
const OWN_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);
const LOOPBACK_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
/** The console also talks to what is deployed to AWS. */
const CONSOLE_ORIGINS = AWS_DOMAINS.map((domain) => `wss://*.${domain}`);
const NO_STORE = { 'cache-control': 'no-store' };

/** What the pages need to know of the deployed stack. */
export interface PageConfig {
  readonly webSocketUrl: string;
  /** Where tokens go: an emulator does not answer with a subprotocol, which browsers insist on. */
  readonly tokenIn: 'query';
  readonly users: readonly DemoUser[];
}

export interface WebServerOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Interface to listen on; an emulator in a container can reach the keys only on another than loopback. */
  readonly host?: string;
  /** Makes the issuer once the port is known: its address is part of it. */
  readonly issuer: (origin: string) => Issuer;
  /** Served at `/console/`. */
  readonly consoleDir: string;
  /** Served at `/` if it exists; otherwise `/` leads to the console. */
  readonly appDir: string;
}

/** Serves the pages and is the local token issuer. */
export interface WebServer {
  /** Such as `http://localhost:8080`. */
  readonly origin: string;
  readonly issuer: Issuer;
  /** From now on the pages are told this; until then they get 503. */
  publish(config: PageConfig): void;
  close(): Promise<void>;
}

interface Site {
  readonly origin: string;
  readonly issuer: Issuer;
  readonly documents: IssuerDocuments;
  readonly options: WebServerOptions;
  config: PageConfig | undefined;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** @throws Problem if the port is taken */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  let site: Site | undefined;
  const server = createServer((request, response) => {
    if (site) void answer(site, request, response);
  });
  const port = await listen(server, options);
  const origin = `http://localhost:${port}`;
  const issuer = options.issuer(origin);
  site = { origin, issuer, documents: documentsOf(issuer), options, config: undefined };
  const served = site;
  return {
    origin,
    issuer,
    publish: (config) => {
      served.config = config;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, { port, host = LOOPBACK }: WebServerOptions): Promise<number> {
  const remedy = 'stop that, or choose another port for the page with PARLEY_WEB_PORT';
  const taken = new Problem(`Port ${port} is taken by another program: ${remedy}.`);
  if (port !== 0 && !(await isFree(port))) throw taken;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? taken : error),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let reply: Reply;
  try {
    reply = await route(site, request);
  } catch {
    reply = plain(500, 'Something went wrong here.');
  }
  response.writeHead(reply.status, { ...securityHeaders(site), ...reply.headers });
  response.end(request.method === 'HEAD' ? undefined : reply.body);
}

async function route(site: Site, request: IncomingMessage): Promise<Reply> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'Only GET is answered here.');
  const url = URL.parse(request.url ?? '/', site.origin);
  if (!url || url.origin !== site.origin) return plain(400, 'Not an address of this server.');

  // Public keys are for everyone who can reach this port; all else is for this machine's own pages and programs.
  const document = documentAt(site.documents, url.pathname);
  if (document) return json(document, { 'cache-control': 'max-age=60' });
  const refusal = refuse(request);
  if (refusal) return plain(403, refusal);

  switch (url.pathname) {
    case '/status.json':
      return json({ name: 'parley', root: PROJECT_ROOT, pid: process.pid, ready: site.config !== undefined });
    case '/config.json':
      return site.config ? json(site.config) : plain(503, 'Parley is still starting.');
    case '/token': {
      const user = userId.safeParse(url.searchParams.get('user'));
      if (!user.success) return plain(400, 'Not a user id.');
      return plain(200, await mintToken(site.issuer, user.data));
    }
    case '/console':
      return { status: 308, headers: { location: '/console/' } };
    default:
      return file(site, url.pathname);
  }
}

function documentAt(documents: IssuerDocuments, path: string): object | undefined {
  return Object.hasOwn(documents, path) ? documents[path as keyof IssuerDocuments] : undefined;
}

/** Why a request is none of this machine's own, or `undefined` if it is. */
function refuse(request: IncomingMessage): string | undefined {
  const host = request.headers.host?.replace(/:\d+$/, '') ?? '';
  if (!OWN_HOSTS.has(host)) return 'Open this page as localhost.';
  if (!LOOPBACK_ADDRESSES.has(request.socket.remoteAddress ?? ''))
    return 'Open this page on the machine that runs Parley.';
  const fetchSite = request.headers['sec-fetch-site'];
  const isNavigation = request.headers['sec-fetch-mode'] === 'navigate';
  if (fetchSite === 'cross-site' && !isNavigation) return 'Not for other sites.';
  return undefined;
}

async function file(site: Site, path: string): Promise<Reply> {
  const inConsole = path.startsWith('/console/');
  const directory = inConsole ? site.options.consoleDir : site.options.appDir;
  const relative = inConsole ? path.slice('/console/'.length) : path.slice(1);
  const found = await readInside(directory, relative);
  if (found)
    return {
      status: 200,
      headers: { 'content-type': TYPES[extname(found.name)] ?? 'application/octet-stream', ...NO_STORE },
      body: found.body,
    };
  if (path === '/') return { status: 307, headers: { location: '/console/', ...NO_STORE } };
  return plain(404, 'There is nothing at this address.');
}

/** Reads a file below a directory; links that lead out of it, and hidden files, are not found. */
async function readInside(directory: string, path: string): Promise<{ name: string; body: Buffer } | undefined> {
  try {
    const decoded = decodeURIComponent(path);
    const name = decoded === '' || decoded.endsWith('/') ? `${decoded}index.html` : decoded;
    if (name.includes('\0') || name.split(/[/\\]/).some((part) => part.startsWith('.'))) return undefined;
    const base = await realpath(directory);
    const target = await realpath(join(base, name));
    return target.startsWith(base + sep) ? { name, body: await readFile(target) } : undefined;
  } catch {
    return undefined;
  }
}

function securityHeaders(site: Site): Record<string, string> {
  const sockets = site.config ? [new URL(site.config.webSocketUrl).origin] : [];
  return webHeaders([...CONSOLE_ORIGINS, ...sockets]);
}

function json(value: object, headers: Readonly<Record<string, string>> = NO_STORE): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

function plain(status: number, text: string): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...NO_STORE }, body: text };
}
