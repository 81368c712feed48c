/**
 * An example frame for every action of the protocol, made for the conversation in view.
 * @typedef {{ conversationId: string, seq: number, position: number, me: string, other: string, id: string, now: Date }} Context
 * `seq`: of the newest message; `other`: some other user; `id`: unique
 * @typedef {{ group: string, name: string, build: (context: Context) => Record<string, any> }} Example
 */

const HOUR_MS = 3_600_000;

/** @type {(group: string, name: string, build: (context: Context) => Record<string, any>) => Example} */
const example = (group, name, build) => ({ group, name, build });

const at = ({ conversationId }) => ({ conversationId });
const target = ({ conversationId, seq }) => ({ conversationId, seq });
const send = (context, fields) => ({
  action: 'send-message',
  ...at(context),
  ...fields,
  clientMessageId: context.id,
  after: context.position,
});

/** @type {Example[]} */
export const EXAMPLES = [
  example('Messages', 'send-message', (c) => send(c, { content: 'Hello from a raw frame' })),
  example('Messages', 'send-message, as a reply', (c) => send(c, { content: 'I agree', replyTo: c.seq })),
  example('Messages', 'send-message, with mentions', (c) =>
    send(c, { content: `Look, @${c.other}`, mentions: [c.other] }),
  ),
  example('Messages', 'send-message, forwarding', (c) => send(c, { forward: target(c) })),
  example('Messages', 'edit-message', (c) => ({ action: 'edit-message', ...target(c), content: 'Better words' })),
  example('Messages', 'delete-message', (c) => ({ action: 'delete-message', ...target(c) })),
  example('Messages', 'add-reaction', (c) => ({ action: 'add-reaction', ...target(c), emoji: '👍' })),
  example('Messages', 'remove-reaction', (c) => ({ action: 'remove-reaction', ...target(c), emoji: '👍' })),
  example('Messages', 'history', (c) => ({ action: 'history', ...at(c), before: c.position + 1, limit: 20 })),
  example('Messages', 'mark', (c) => ({ action: 'mark', ...at(c), readSeq: c.position, deliveredSeq: c.position })),

  example('Room', 'join', (c) => ({ action: 'join', ...at(c), after: c.position })),
  example('Room', 'leave', (c) => ({ action: 'leave', ...at(c) })),
  example('Room', 'typing', (c) => ({ action: 'typing', ...at(c), isTyping: true })),

  example('Connection', 'ping', (c) => ({
    action: 'ping',
    positions: [{ conversationId: c.conversationId, seq: c.position }],
  })),
  example('Connection', 'refresh-token', () => ({ action: 'refresh-token', token: 'paste a new token here' })),
  example('Connection', 'set-status', () => ({ action: 'set-status', status: 'away' })),

  example('Conversations', 'create-conversation, a channel', () => ({
    action: 'create-conversation',
    kind: 'channel',
    conversationId: 'random',
    name: 'Random',
  })),
  example('Conversations', 'create-conversation, a group', (c) => ({
    action: 'create-conversation',
    kind: 'group',
    name: 'Lunch',
    members: [c.other],
    clientRequestId: c.id,
  })),
  example('Conversations', 'create-conversation, direct', (c) => ({
    action: 'create-conversation',
    kind: 'direct',
    members: [c.other],
  })),
  example('Conversations', 'list-conversations', () => ({ action: 'list-conversations', limit: 25 })),
  example('Conversations', 'update-conversation', (c) => ({
    action: 'update-conversation',
    ...at(c),
    name: 'A new name',
    slowModeSeconds: 0,
  })),

  example('Members', 'list-members', (c) => ({ action: 'list-members', ...at(c), limit: 100 })),
  example('Members', 'add-member', (c) => ({ action: 'add-member', ...at(c), userId: c.other, role: 'member' })),
  example('Members', 'remove-member', (c) => ({ action: 'remove-member', ...at(c), userId: c.other })),
  example('Members', 'update-member, role', (c) => ({
    action: 'update-member',
    ...at(c),
    userId: c.other,
    role: 'admin',
  })),
  example('Members', 'update-member, mute for an hour', (c) => ({
    action: 'update-member',
    ...at(c),
    userId: c.other,
    mutedUntil: new Date(c.now.getTime() + HOUR_MS).toISOString(),
  })),
  example('Members', 'update-member, ban', (c) => ({
    action: 'update-member',
    ...at(c),
    userId: c.other,
    banned: true,
  })),
];

/**
 * @param {Example} chosen
 * @param {Context} context
 * @returns {string} pretty JSON with a requestId, ready to be changed and sent
 */
export function exampleText(chosen, context) {
  const { action, ...fields } = chosen.build(context);
  return JSON.stringify({ action, requestId: `raw-${context.id.slice(0, 8)}`, ...fields }, null, 2);
}
