import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { documentsOf, generateKey, type Issuer } from '../../scripts/web/issuer.ts';
import type { TrustedIssuer } from '../../shared/platform/token-verifier.ts';

export const KEYS_PATH = '/.well-known/jwks.json';

/** A token issuer on the loopback interface. */
export class IssuerServer {
  /** Whose documents it serves. A test may give it another key. */
  issuer: Issuer;
  /** What it answers: its documents, a failure, or nonsense. */
  answer: 'documents' | 'failure' | 'nonsense' = 'documents';
  keysServed = 0;
  readonly #server: Server;

  private constructor(server: Server, issuer: Issuer) {
    this.#server = server;
    this.issuer = issuer;
  }

  static async start(): Promise<IssuerServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const issuer = { issuer: address, audience: 'the-app', privateKey: await generateKey() };
    const started = new IssuerServer(server, issuer);
    server.on('request', (request, response) => {
      const document = new Map(Object.entries(documentsOf(started.issuer))).get(request.url ?? '');
      if (request.url === KEYS_PATH) started.keysServed += 1;
      const status = started.answer === 'failure' ? 503 : document ? 200 : 404;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(started.answer === 'nonsense' ? '<html>' : JSON.stringify(document ?? {}));
    });
    return started;
  }

  close(): Promise<unknown> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  /** How a stack that accepts its tokens is told so. */
  trusted(fields: Partial<TrustedIssuer> = {}): TrustedIssuer {
    const { issuer, audience } = this.issuer;
    return { issuer, audience, jwksUri: `${issuer}${KEYS_PATH}`, allowHttp: true, ...fields };
  }
}
