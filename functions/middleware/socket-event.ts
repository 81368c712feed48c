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

/** An event of the WebSocket API. A handshake's has headers, a frame's a body. */
export const socketEvent = z.object({
  requestContext,
  headers: z.record(z.string(), z.string()).nullish(),
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

/** A header's value, whatever the case of its name. */
export function headerOf(
  headers: Readonly<Record<string, string>> | null | undefined,
  name: string,
): string | undefined {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}
