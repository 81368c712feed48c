import assert from 'node:assert/strict';
import type { Verdict } from '../../functions/authorize.ts';
import { actions, isAction, type RoutedAction } from '../../shared/protocol/actions.ts';
import { type ChatFunctions, invoke } from './chat-functions.ts';

/** What a client sends to open a socket. */
export interface Handshake {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** What the handshake is answered. */
export interface HandshakeAnswer {
  readonly statusCode: number;
  /** The subprotocol that the server chose. */
  readonly protocol?: string | undefined;
  /** What a function threw, if that is why. */
  readonly cause?: unknown;
}

interface FrameAnswer {
  /** The action that the frame names. */
  readonly action: unknown;
  readonly text?: string | undefined;
}

type Functions = Omit<ChatFunctions, 'publish-events' | 'broadcast' | 'connection-changes' | 'settle-presence'>;

const METHOD_ARN = 'arn:aws:execute-api:eu-west-1:123456789012:an-api/live/$connect';

/** The stack's WebSocket API: asks the authorizer, routes by the action, and carries replies where the routes have them. */
export class FakeSocketApi {
  readonly #functions: Functions;
  /** What the authorizer said of each socket: it comes with every later event. */
  readonly #contexts = new Map<string, object>();

  constructor(functions: Functions) {
    this.#functions = functions;
  }

  async connect(connectionId: string, requestId: string, handshake: Handshake): Promise<HandshakeAnswer> {
    const { headers = {}, query } = handshake;
    const sent = { headers, multiValueHeaders: multiValue(headers) };
    const asked = { queryStringParameters: query, multiValueQueryStringParameters: query && multiValue(query) };
    let verdict: Verdict;
    try {
      verdict = await invoke(this.#functions.authorize, { type: 'REQUEST', methodArn: METHOD_ARN, ...sent, ...asked });
    } catch (cause) {
      return { statusCode: 500, cause };
    }
    if (!allows(verdict)) return { statusCode: 403 };
    this.#contexts.set(connectionId, { principalId: verdict.principalId, ...verdict.context });
    try {
      const event = { ...this.#event('CONNECT', connectionId, requestId), ...sent };
      const { statusCode, headers: answered } = await invoke(this.#functions.connect, event);
      return { statusCode, protocol: answered?.['Sec-WebSocket-Protocol'] };
    } catch (cause) {
      return { statusCode: 502, cause };
    }
  }

  /** Passes a frame to the function of its route. Gives the reply's text, if the client gets one. */
  async frame(connectionId: string, requestId: string, body: string): Promise<FrameAnswer> {
    const event = { ...this.#event('MESSAGE', connectionId, requestId), body };
    const action = actionOf(body);
    // These two routes have no response: whatever they answer, the client gets nothing.
    if (action === '$connect' || action === '$disconnect') {
      await invoke(this.#functions[action === '$connect' ? 'connect' : 'disconnect'], event);
      return { action };
    }
    const result = await invoke(this.#functions[isRouted(action) ? action : 'command'], event);
    assert.equal(result.statusCode, 200);
    return { action, text: result.body };
  }

  /** Tells of a socket's end. Rejects if the function does, which AWS would only log. */
  async disconnect(connectionId: string, requestId: string): Promise<void> {
    await invoke(this.#functions.disconnect, this.#event('DISCONNECT', connectionId, requestId));
  }

  #event(eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT', connectionId: string, requestId: string) {
    const authorizer = this.#contexts.get(connectionId);
    return { requestContext: { eventType, connectionId, requestId, authorizer }, isBase64Encoded: false };
  }
}

function allows({ policyDocument: { Statement } }: Verdict): boolean {
  return Statement.every(({ Effect, Resource }) => Effect === 'Allow' && Resource === METHOD_ARN);
}

function multiValue(values: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
}

function isRouted(action: unknown): action is RoutedAction {
  return isAction(action) && actions[action].route === 'own';
}

/** What the API's route selection finds in a frame: `$request.body.action`. */
function actionOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { action?: unknown } | null)?.action;
  } catch {
    return undefined;
  }
}
