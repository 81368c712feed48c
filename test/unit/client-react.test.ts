import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Client } from '../../client/src/api/client.ts';
import { createClient } from '../../client/src/client.ts';
import { memoryOutbox } from '../../client/src/outbox/storage.ts';
import { useConnection, useConversation, useMessages, usePresence, useTyping } from '../../client/src/react/hooks.ts';
import { FakeChatServer, fakeToken } from '../support/fake-chat-server.ts';
import { HandClock } from '../support/fake-time.ts';

function Room({ client }: { client: Client }) {
  const conversation = useConversation(client, 'g:room');
  const { messages, hasOlder } = useMessages(conversation);
  const parts = [useConnection(client).state, conversation.state, hasOlder, messages.map(({ content }) => content)];
  return [...parts, useTyping(conversation).userIds, usePresence(conversation).map(({ userId }) => userId)].join('/');
}

describe('the hooks', () => {
  it('render what the client and the conversation hold', async () => {
    const clock = new HandClock();
    const server = new FakeChatServer({ clock, random: () => 0.5 });
    server.create('g:room', ['ann']);
    const token = () => fakeToken('ann');
    const client = createClient({
      url: 'wss://x',
      token,
      openSocket: server.openSocket,
      clock,
      outbox: memoryOutbox(),
    });
    const render = () => renderToString(createElement(Room, { client }));

    expect(render()).toBe('idle/idle/false///');
    client.connect().catch(() => {});
    client.conversations
      .get('g:room')
      .join()
      .catch(() => {});
    await clock.advance(200);
    client.conversations
      .get('g:room')
      .send('hello')
      .catch(() => {});
    expect(render()).toBe('connected/live/false/hello//ann');
  });
});
