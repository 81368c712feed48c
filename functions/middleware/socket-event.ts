import * as z from 'zod';
import { userId } from '../../shared/protocol/identifiers.ts';
import type { Actor } from '../../shared/usecases/deps.ts';

const requestContext = z.object({
  eventType: z.enum(['CONNECT', 'MESSAGE', 'DISCONNECT']),
  connectionId: z.string().min(1),
  requestId: z.string().min(1),
  /** The authorizer's verdict rides on every event of the connection; values are text. */
  authorizer: z.object({ userId, tokenExpiresAt: z.coerce.number().int() }),
});

/** What a handshake's event says of its headers. */
export const sentHeaders = z.object({
  headers: z.record(z.string(), z.string()).nullish(),
  /** Each value of a header that came more than once; `headers` has one of them. */
  multiValueHeaders: z.record(z.string(), z.array(z.string())).nullish(),
});

/** Headers as they were sent: their names in any spelling, each with a value or several. */
export type SentHeaders = Readonly<Record<string, string | readonly string[]>>;

/** All headers of a handshake. */
export function headersOf({ headers, multiValueHeaders }: z.infer<typeof sentHeaders>): SentHeaders {
  return { ...headers, ...multiValueHeaders };
}

/** An event of the WebSocket API. A handshake's has headers, a frame's a body. */
export const socketEvent = z.object({
  requestContext,
  ...sentHeaders.shape,
  body: z.string().nullish(),
});
export type SocketEvent = z.infer<typeof socketEvent>;

/** What a handler gives back: the body is the reply to the frame, if it has one. */
export interface SocketResult {
  readonly statusCode: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Who sends the frame, as the gateway says. */
export function actorOf({ requestContext: context }: SocketEvent): Actor {
  const { userId, tokenExpiresAt } = context.authorizer;
  return { userId, tokenExpiresAt, connectionId: context.connectionId, requestId: context.requestId };
}

/** Every value of a header, whatever the spelling of its name: two readers must not each believe another one. */
export function headerValues(headers: SentHeaders, name: string): readonly string[] {
  return Object.entries(headers).flatMap(([key, values]) => (key.toLowerCase() === name ? values : []));
}

/** The subprotocols that a handshake offers, in its order. */
export function offeredProtocols(headers: SentHeaders): readonly string[] {
  return headerValues(headers, 'sec-websocket-protocol').flatMap((value) =>
    value.split(',').map((protocol) => protocol.trim()),
  );
}
