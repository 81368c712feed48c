import * as z from 'zod';
import { type Action, commandFields } from '../shared/protocol/commands.ts';
import { entryData } from '../shared/protocol/entries.ts';
import { ephemeralData, errorEvents, replies } from '../shared/protocol/events.ts';
import { clientId } from '../shared/protocol/identifiers.ts';

type Json = Record<string, unknown>;

const SUMMARIES: Record<Action, string> = {
  'send-message': 'Append a message to a conversation',
  join: 'Subscribe this connection to a conversation and get a page of its log',
  leave: 'End delivery of a conversation on this connection',
  typing: 'Tell the room that the user is, or is no longer, typing',
  ping: 'Keep the connection alive and learn which logs are behind',
  'refresh-token': 'Extend the connection by a newer token of the same user',
  'create-conversation': 'Create a channel, a group or a direct conversation',
  'list-conversations': "List the user's conversations with unread counts",
  'list-members': 'List the members of a conversation',
  history: 'Read a page of the log in either direction',
  'edit-message': 'Replace the text of a message',
  'delete-message': 'Delete a message; its slot in the log stays',
  'add-reaction': 'React to a message',
  'remove-reaction': 'Take a reaction back',
  mark: 'Raise the read and delivered marks',
  'add-member': 'Add a user to a group',
  'remove-member': 'End a membership, one’s own or another’s',
  'update-member': 'Change a role, mute, ban, or take any of it back',
  'update-conversation': 'Rename a conversation or set its slow mode',
  'set-status': 'Be online, away or busy',
};

/** The protocol as an AsyncAPI 3 document, made from the schemas by which the server parses and the tests check. */
export function asyncApiDocument(): Json {
  const commands = Object.entries(commandFields).map(([action, fields]) => commandMessage(action as Action, fields));
  const replyMessages = Object.values(replies).map(({ event, data }) =>
    eventMessage(`reply.${event}`, event, data, true),
  );
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
      title: 'Parley chat protocol (chat.v1)',
      version: '1.0.0',
      description: 'Generated from shared/protocol. The rules behind the shapes are in docs/protocol.md.',
    },
    defaultContentType: 'application/json',
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
    (Object.keys(commandFields) as Action[]).map((action) => {
      const isMessage = ['send-message', 'edit-message', 'delete-message'].includes(action);
      const success = action in replies ? [`reply.${replies[action as keyof typeof replies].event}`] : [];
      const answers = [...success, `reply.${isMessage ? 'message-error' : 'error'}`];
      return [
        action,
        {
          action: 'receive',
          summary: SUMMARIES[action],
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

function commandMessage(action: Action, fields: z.ZodType): [string, Json] {
  const schema = jsonSchema(fields, 'input');
  const envelope = { action: { const: action }, requestId: jsonSchema(clientId, 'input') };
  const variants = (schema.oneOf ?? schema.anyOf) as Json[] | undefined;
  const payload = variants
    ? { oneOf: variants.map((variant) => enveloped(variant, envelope)) }
    : enveloped(schema, envelope);
  return [`command.${action}`, { name: action, title: action, summary: SUMMARIES[action], payload }];
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
