import { beforeEach, describe, expect, test } from 'vitest';
import { conversationRoom, userRoom } from '../../shared/domain/connection.ts';
import type { Chat, Client } from '../support/chat.ts';
import { createFailingChat, type FailingChat } from '../support/failing-chat.ts';
import { createGroup } from '../support/groups.ts';

let at: FailingChat;
let chat: Chat;

beforeEach(() => {
  at = createFailingChat();
  ({ chat } = at);
});
describe('broadcast', () => {
  let olga: Client;
  let mia: Client;
  let conversationId: string;
  beforeEach(async () => {
    olga = await chat.connect('olga');
    mia = await chat.connect('mia');
    conversationId = await createGroup(chat, olga, mia);
  });
  const typing = () => ({ event: 'user-typing', data: { conversationId, userId: 'olga', isTyping: true } });
  const broadcast = (type: string, detail: object, source = 'parley') =>
    chat.streams.broadcast({ source, 'detail-type': type, detail });
  const got = () => chat.gateway.take(mia.connectionId).map(({ event }) => event);

  test('entries-appended: posts the entries, those of a redrive from the log', async () => {
    await chat.ask(olga, 'send-message', { conversationId, content: 'hi' });
    await broadcast('entries-appended', { conversationId, from: 1, to: 1 });
    expect(got()).toEqual(['receive-message']);
  });

  test('frames-to-rooms: posts frames to whoever is in the rooms, but to the connection that caused them', async () => {
    const detail = { rooms: [conversationRoom(conversationId)], frames: [typing()] };
    await broadcast('frames-to-rooms', detail);
    await broadcast('frames-to-rooms', { ...detail, except: mia.connectionId });
    await broadcast('frames-to-rooms', { ...detail, exceptUserId: 'mia' });
    await broadcast('frames-to-rooms', { ...detail, maxConnections: 1 });
    expect(got()).toEqual(['user-typing']);
  });

  test('delivery-retry: posts texts to connections', async () => {
    const { connectionId } = mia;
    const connections = [{ connectionId, connectedAt: 0, expiresAt: chat.clock.now() + 1_000 }];
    const startedAt = chat.clock.now();
    await broadcast('delivery-retry', { attempt: 1, startedAt, texts: [JSON.stringify(typing())], connections });
    expect(got()).toEqual(['user-typing']);
  });

  test.each([
    ['of another kind', 'entries-deleted', {}, 'parley'],
    ['of another app', 'entries-appended', { conversationId: 'a', from: 1, to: 1 }, 'another-app'],
    ['without what its kind needs', 'entries-appended', { conversationId: 'a' }, 'parley'],
    [
      'with a frame that has no event',
      'frames-to-rooms',
      { rooms: [userRoom('nobody')], frames: [{ data: {} }] },
      'parley',
    ],
    ['with frames for no room', 'frames-to-rooms', { rooms: [], frames: [{ event: 'x', data: {} }] }, 'parley'],
  ])('rejects an event %s: after its retries it is kept for a person', async (_, type, detail, source) => {
    await expect(broadcast(type, detail, source)).rejects.toThrow();
    expect(got()).toEqual([]);
  });

  test('rejects what it could not do, and does it when Lambda calls it again', async () => {
    await chat.ask(olga, 'send-message', { conversationId, content: 'hi' });
    const detail = { conversationId, from: 1, to: 1 };
    for (const operation of ['read', 'subscriptions']) {
      at.failing = operation;
      await expect(broadcast('entries-appended', detail)).rejects.toThrow('throttled');
      expect(got()).toEqual([]);
    }
    at.failing = undefined;
    await broadcast('entries-appended', detail);
    expect(got()).toEqual(['receive-message']);
  });

  test('MEMB-3: unsubscribes a removed user before it posts', async () => {
    at.failing = 'unsubscribe';
    await chat.command(olga, 'remove-member', { conversationId, userId: 'mia' });
    at.failing = undefined;
    const subscribed = () =>
      [...chat.stores.state.subscriptions.values()].filter(
        ({ room, userId }) => room.kind !== 'user' && userId === 'mia',
      );
    expect(subscribed()).toHaveLength(1);
    await chat.pump();
    expect(subscribed()).toEqual([]);
  });
});
