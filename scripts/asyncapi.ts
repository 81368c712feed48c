import * as z from 'zod';
import project from '../package.json' with { type: 'json' };
import type { ActionRecord } from '../shared/protocol/actions/action.ts';
import { type Action, actionNames, actions } from '../shared/protocol/actions.ts';
import { entryData } from '../shared/protocol/entries.ts';
import { ephemeralData, errorEvents } from '../shared/protocol/events.ts';
import { clientId } from '../shared/protocol/identifiers.ts';
import { PROTOCOL_VERSION } from '../shared/protocol/version.ts';

type Json = Record<string, unknown>;

/** Where the socket is: on AWS, and as `npm start` prints it. */
const SERVERS = {
  aws: {
    host: '{apiId}.execute-api.{region}.amazonaws.com',
    pathname: '/live',
    protocol: 'wss',
    description: 'The output WebSocketUrl of the stack. The token is a bearer token or a subprotocol (CONN-1).',
    variables: { apiId: { description: 'The output ApiId of the stack' }, region: { default: 'us-east-1' } },
    security: [{ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }],
  },
  local: {
    host: 'localhost:4566',
    pathname: '/_aws/execute-api/{apiId}/live',
    protocol: 'ws',
    description: 'What `npm start` prints. The token is in the query, as `token` (CONN-1).',
    variables: { apiId: { description: 'The output ApiId of the stack' } },
    security: [{ type: 'httpApiKey', in: 'query', name: 'token' }],
  },
};

/** What the examples of the document speak of. */
const EXAMPLE_CONTEXT = {
  conversationId: 'general',
  seq: 17,
  position: 18,
  me: 'alice',
  other: 'bob',
  id: 'b6a1f0c2-5d0e-4c39-9f5e-0d8f6f0b7a11',
  now: new Date('2026-01-01T12:00:00.000Z'),
};

/** The protocol as an AsyncAPI 3 document, made from the schemas by which the server parses and the tests check. */
export function asyncApiDocument(): Json {
  const commands = actionNames.map((action) => commandMessage(action, actions[action]));
  const replyMessages = actionNames.flatMap((action) => {
    const { reply } = actions[action];
    return reply ? [eventMessage(`reply.${reply.event}`, reply.event, reply.data, true)] : [];
  });
  const errors = Object.entries(errorEvents).map(([event, data]) => eventMessage(`reply.${event}`, event, data, true));
  const pushed = { ...entryData, ...ephemeralData };
  const pushes = Object.entries(pushed).map(([event, data]) => eventMessage(`push.${event}`, event, data, false));
  const messages = Object.fromEntries([
    ...commands,
    ...replyMessages,
    ...errors,
    ...pushes,
    batchMessage(Object.keys(pushed)),
  ]);
  return {
    asyncapi: '3.0.0',
    info: {
      title: `Parley chat protocol (${PROTOCOL_VERSION})`,
      version: project.version,
      description: 'Generated from shared/protocol. The rules behind the shapes are in docs/protocol.md.',
    },
    defaultContentType: 'application/json',
    servers: SERVERS,
    channels: {
      socket: {
        address: '/',
        description: 'One WebSocket; text frames, each one JSON object of at most 32 KiB (ENV-1).',
        messages: Object.fromEntries(Object.keys(messages).map((id) => [id, { $ref: `#/components/messages/${id}` }])),
      },
    },
    operations: {
      ...commandOperations(),
      ...pushOperation([...Object.keys(pushed).map((event) => `push.${event}`), 'push.batch']),
    },
    components: { messages },
  };
}

function commandOperations(): Json {
  return Object.fromEntries(
    actionNames.map((action) => {
      const { summary, reply, errorEvent } = actions[action];
      const answers = [...(reply ? [`reply.${reply.event}`] : []), `reply.${errorEvent}`];
      return [
        action,
        {
          action: 'receive',
          summary,
          channel: socket,
          messages: [inSocket(`command.${action}`)],
          reply: { channel: socket, messages: answers.map(inSocket) },
        },
      ];
    }),
  );
}

function pushOperation(ids: readonly string[]): Json {
  return { push: { action: 'send', summary: 'What the server pushes', channel: socket, messages: ids.map(inSocket) } };
}

const socket = { $ref: '#/channels/socket' };

function inSocket(id: string): Json {
  return { $ref: `#/channels/socket/messages/${id}` };
}

function commandMessage(action: Action, { fields, summary, examples }: ActionRecord): [string, Json] {
  const schema = jsonSchema(fields, 'input');
  const envelope = { action: { const: action }, requestId: jsonSchema(clientId, 'input') };
  const variants = (schema.oneOf ?? schema.anyOf) as Json[] | undefined;
  const payload = variants
    ? { oneOf: variants.map((variant) => enveloped(variant, envelope)) }
    : enveloped(schema, envelope);
  const frames = examples.map(({ variant, fields }) => ({
    name: variant ?? action,
    payload: { action, requestId: '1', ...(fields(EXAMPLE_CONTEXT) as object) },
  }));
  return [`command.${action}`, { name: action, title: action, summary, payload, examples: frames }];
}

function enveloped(schema: Json, envelope: Json): Json {
  const { properties, required, ...rest } = schema as { properties?: Json; required?: string[] };
  return { ...rest, properties: { ...envelope, ...properties }, required: ['action', ...(required ?? [])] };
}

function eventMessage(id: string, event: string, data: z.ZodType, isReply: boolean): [string, Json] {
  const properties = {
    event: { const: event },
    ...(isReply && { requestId: jsonSchema(clientId, 'output') }),
    data: jsonSchema(data, 'output'),
  };
  return [id, { name: event, title: event, payload: { type: 'object', properties, required: ['event', 'data'] } }];
}

function batchMessage(events: readonly string[]): [string, Json] {
  const frame = {
    type: 'object',
    properties: { event: { enum: events }, data: { type: 'object' } },
    required: ['event', 'data'],
  };
  const frames = { type: 'array', items: frame };
  const data = { type: 'object', properties: { frames }, required: ['frames'] };
  const properties = { event: { const: 'batch' }, data };
  const summary = 'Several pushes in one frame (ENV-6)';
  return [
    'push.batch',
    { name: 'batch', title: 'batch', summary, payload: { type: 'object', properties, required: ['event', 'data'] } },
  ];
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io,
    unrepresentable: 'any',
    override: openOutput(io),
  });
  return rest;
}

/** ENV-5: a command must not have more fields; of what the server sends, more must be expected. */
function openOutput(io: 'input' | 'output') {
  return ({ jsonSchema: made }: { jsonSchema: Json }) => {
    if (io === 'output') delete made.additionalProperties;
  };
}
