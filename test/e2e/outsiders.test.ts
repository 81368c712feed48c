import { describe, expect } from 'vitest';
import type { Action, CommandFields } from '../../shared/protocol/actions.ts';
import { type DeployedClient, test } from '../support/deployed-chat.ts';

/** Every command on a conversation but `leave`, as a user who guesses an id would send it. */
const COMMANDS: readonly (readonly [Action, object])[] = [
  ['send-message', { content: 'hello?' }],
  ['send-message', { content: 'hello?', after: 0, clientMessageId: 'm1', replyTo: 1 }],
  ['join', {}],
  ['join', { after: 0 }],
  ['typing', { isTyping: true }],
  ['history', {}],
  ['history', { after: 0 }],
  ['list-members', {}],
  ['edit-message', { seq: 1, content: 'x' }],
  ['delete-message', { seq: 1 }],
  ['add-reaction', { seq: 1, emoji: '👍' }],
  ['remove-reaction', { seq: 99, emoji: '👍' }],
  ['mark', { readSeq: 1 }],
  ['add-member', { userId: 'mallory' }],
  ['remove-member', { userId: 'owner' }],
  ['update-member', { userId: 'owner', banned: true }],
  ['update-conversation', { name: 'mine' }],
];

async function replies(client: DeployedClient, conversationId: string) {
  const all: unknown[] = [];
  for (const [action, fields] of COMMANDS) {
    const { event, data } = await client.command(action, { conversationId, ...fields } as CommandFields<Action>);
    all.push([action, event, data]);
  }
  return all;
}

describe('outsiders', () => {
  test('AUTH-1: cannot tell a private conversation from none, nor can removed or banned users', async ({ chat }) => {
    const [owner, stranger, removed, banned] = await chat.connectAll('owner', 'stranger', 'removed', 'banned');
    const { conversationId } = await chat.group(owner, removed, banned);
    const { conversationId: direct } = await owner.ask('create-conversation', {
      kind: 'direct',
      members: [removed.userId],
    });
    await owner.say(conversationId, 'private');
    await removed.ask('join', { conversationId });
    await owner.append('remove-member', { conversationId, userId: removed.userId });
    await owner.append('update-member', { conversationId, userId: banned.userId, banned: true });

    const [toNothing, ...others] = await Promise.all([
      replies(stranger, 'g:doesNotExistAtAll0000000000000000'),
      replies(removed, conversationId),
      replies(banned, conversationId),
    ]);
    const toDirect = await replies(stranger, direct);

    for (const reply of [...others, toDirect]) expect(reply).toEqual(toNothing);
    expect(toNothing).toEqual(
      COMMANDS.map(([action]) => [
        action,
        expect.any(String),
        expect.objectContaining({ code: 'conversation-not-found' }),
      ]),
    );
    expect(await stranger.ask('leave', { conversationId })).toEqual({ conversationId, success: true });
    expect((await owner.ask('history', { conversationId })).head).toBe(3);
  });

  test('AUTH-1: are told by a channel to join it first, before anything else is checked', async ({ chat }) => {
    const [owner, stranger] = await chat.connectAll('owner', 'stranger');
    const conversationId = await chat.channel(owner);

    for (const [action, fields] of COMMANDS.filter(([name]) => name !== 'join')) {
      const error = await stranger.refusal(action, { conversationId, ...fields } as CommandFields<Action>);
      expect([action, error.code]).toEqual([action, 'not-joined']);
    }
    expect((await stranger.ask('list-conversations', {})).items).toEqual([]);
  });
});
