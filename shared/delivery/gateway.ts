import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Gateway, PostOutcome } from '../domain/ports.ts';

/** As many posts as one function keeps open; the SDK's default of 50 would be the bottleneck of a fan-out. */
export const MAX_SOCKETS = 64;
/** A post that takes longer is tried again: an API Gateway answers within tens of milliseconds. */
const TIMEOUT_MS = 3_000;

export interface GatewayOptions {
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
 * The management API over kept-alive connections, signed by hand: a third of the SDK's CPU time per post, and posting
 * is what a broadcast does.
 */
export function createGateway({ endpoint, region, credentials }: GatewayOptions): Gateway {
  const base = new URL(endpoint);
  const { Agent, request } = base.protocol === 'http:' ? http : https;
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: NodeSha256 });

  const call = async (method: 'POST' | 'DELETE', connectionId: string, body?: string): Promise<number> => {
    const signed = await signer.sign({
      method,
      protocol: base.protocol,
      hostname: base.hostname,
      ...(base.port !== '' && { port: Number(base.port) }),
      // Connection ids contain `=`, which must not stand bare in a path.
      path: `${base.pathname.replace(/\/$/, '')}/@connections/${encodeURIComponent(connectionId)}`,
      query: {},
      headers: { host: base.host, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body }),
    });
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent,
          method,
          hostname: base.hostname,
          port: base.port === '' ? undefined : base.port,
          path: signed.path,
          headers: { ...signed.headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
          timeout: TIMEOUT_MS,
        },
        (response) => {
          response.resume();
          response.once('end', () => resolve(response.statusCode ?? 0));
          response.once('error', reject);
        },
      );
      outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  };

  return {
    async post(connectionId, text): Promise<PostOutcome> {
      try {
        const status = await call('POST', connectionId, text);
        if (status >= 200 && status < 300) return 'posted';
        return status === 410 ? 'gone' : 'later';
      } catch {
        // Refused, reset or timed out: the frame may have arrived; twice does no harm, clients apply by seq (LOG-5).
        return 'later';
      }
    },
    async close(connectionId): Promise<void> {
      try {
        await call('DELETE', connectionId);
      } catch {
        // The socket ends by itself within two hours; its row is gone, so it gets nothing more.
      }
    },
  };
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
