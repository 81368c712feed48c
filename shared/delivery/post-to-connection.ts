import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Gateway, PostOutcome } from '../domain/ports.ts';

/** As many posts as one function keeps open; the SDK's default of 50 would be the bottleneck of a fan-out. */
export const MAX_SOCKETS = 64;
export interface PosterOptions {
  /** `https://{api}.execute-api.{region}.amazonaws.com/{stage}`. */
  readonly endpoint: string;
  readonly region: string;
  /** The function's own credentials; Lambda gives them for the life of the instance. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/**
 * The gateway's `post`, over kept-alive connections and signed by hand. The SDK's PostToConnection does the same in 2.4
 * to 2.9 times the CPU time (400–580 µs a post against 160–200: `npm run bench:posting`), and posting is nearly all
 * that a broadcast does. What is rare, closing and inspecting, goes through the SDK (`connection-control.ts`).
 */
export function createPoster({ endpoint, region, credentials }: PosterOptions): Pick<Gateway, 'post'> {
  const base = new URL(endpoint);
  const { Agent, request } = base.protocol === 'http:' ? http : https;
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: NodeSha256 });

  const send = async (connectionId: string, body: string, limitMs: number): Promise<number> => {
    const signed = await signer.sign({
      method: 'POST',
      protocol: base.protocol,
      hostname: base.hostname,
      // Connection ids contain `=`, which must not stand bare in a path.
      path: `${base.pathname.replace(/\/$/, '')}/@connections/${encodeURIComponent(connectionId)}`,
      query: {},
      headers: { host: base.host, 'content-type': 'application/json' },
      body,
    });
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent,
          method: 'POST',
          hostname: base.hostname,
          port: base.port,
          path: signed.path,
          headers: { ...signed.headers, 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          response.resume();
          response.once('end', () => resolve(response.statusCode ?? 0));
          response.once('close', () => clearTimeout(timer));
          response.once('error', reject);
        },
      );
      // Not the socket's own time-out: that starts again with each byte, and not at all while all sockets are taken.
      const timer = setTimeout(() => outgoing.destroy(new Error(`no answer within ${limitMs} ms`)), limitMs);
      outgoing.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      outgoing.end(body);
    });
  };

  return {
    async post(connectionId, text, limitMs): Promise<PostOutcome> {
      try {
        return outcomeOf(await send(connectionId, text, limitMs));
      } catch {
        // Refused, reset or timed out: the frame may have arrived; twice does no harm, clients apply by seq (LOG-5).
        return 'later';
      }
    },
  };
}

/** Waiting helps against throttling and failures of the service alone; whatever else it says is a fault of ours. */
function outcomeOf(status: number): PostOutcome {
  if (status >= 200 && status < 300) return 'posted';
  if (status === 410) return 'gone';
  return status === 429 || status >= 500 ? 'later' : { refused: status };
}

/** Node's own SHA-256 in the shape that the signer asks for. */
class NodeSha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('a digest is used once');
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
