import { beforeEach, describe, expect, test } from 'vitest';
import type { Chat, Client } from '../support/chat.ts';
import { invoke } from '../support/chat-functions.ts';
import { createFailingChat, type FailingChat } from '../support/failing-chat.ts';
import { createGroup, quietDown } from '../support/groups.ts';

let at: FailingChat;
let chat: Chat;
let owner: Client;
let member: Client;
let conversationId: string;

beforeEach(async () => {
  at = createFailingChat();
  ({ chat } = at);
  owner = await chat.connect('olga');
  member = await chat.connect('mia');
  conversationId = await createGroup(chat, owner, member);
});

function subscriptions() {
  return [...chat.stores.state.subscriptions.values()].filter(
    ({ connectionId }) => connectionId === member.connectionId,
  );
}

describe('the end of a socket', () => {
  test('deletes its row and nothing else; the stream then takes its subscriptions and tells the room', async () => {
    await chat.disconnect(member);
    expect(await chat.stores.connections.connection(member.connectionId)).toBeUndefined();
    expect(await chat.stores.connections.connection(owner.connectionId)).toBeDefined();
    expect(subscriptions()).toHaveLength(2);
    expect(chat.gateway.inbox(owner.connectionId)).toEqual([]);
    await chat.pump('quiet');
    expect(subscriptions()).toEqual([]);
    expect(chat.gateway.take(owner.connectionId)).toMatchObject([{ event: 'user:offline', data: { userId: 'mia' } }]);
  });

  test('that is told twice is told the room once', async () => {
    await chat.disconnect(member);
    await chat.pump('quiet');
    await chat.disconnect(member);
    expect(chat.streams.changes).toEqual([]);
    await chat.pump('quiet');
    expect(chat.gateway.take(owner.connectionId).map(({ event }) => event)).toEqual(['user:offline']);
  });

  test('is answered 200', async () => {
    const authorizer = { userId: 'mia', tokenExpiresAt: String(member.tokenExpiresAt) };
    const requestContext = { eventType: 'DISCONNECT', connectionId: member.connectionId, requestId: 'r', authorizer };
    expect(await invoke(chat.functions.disconnect, { requestContext })).toEqual({ statusCode: 200 });
  });

  test('that could not be written down fails, tells nobody, and is found by the next delivery', async () => {
    at.failing = 'forget';
    await expect(chat.disconnect(member)).rejects.toThrow('throttled');
    await expect(chat.disconnect(member)).rejects.toThrow('throttled');
    await chat.pump('quiet');
    expect(chat.gateway.inbox(owner.connectionId)).toEqual([]);
    expect(subscriptions()).toHaveLength(2);
    at.failing = undefined;
    await quietDown(chat);
    await chat.ask(owner, 'send-message', { conversationId, content: 'anybody there?' });
    await chat.pump('quiet');
    expect(subscriptions()).toEqual([]);
  });
});
