import { beforeEach, describe, expect, test } from 'vitest';
import { conversationRoom } from '../../shared/domain/connection.ts';
import { comesAgain } from '../support/batches.ts';
import type { Chat, Client } from '../support/chat.ts';
import { invoke } from '../support/chat-functions.ts';
import { createFailingChat, type FailingChat } from '../support/failing-chat.ts';
import { createGroup, quietDown } from '../support/groups.ts';

let at: FailingChat;
let chat: Chat;

beforeEach(() => {
  at = createFailingChat();
  ({ chat } = at);
});
function stages() {
  return chat.reports.map(({ stage }) => stage);
}

describe('settle-presence', () => {
  let olga: Client;
  let mia: Client;
  let conversationId: string;
  beforeEach(async () => {
    olga = await chat.connect('olga');
    mia = await chat.connect('mia');
    conversationId = await createGroup(chat, olga, mia);
    await chat.ask(mia, 'leave', { conversationId });
    chat.streams.changes.length = 0;
    await quietDown(chat);
  });
  const check = (userId: string, id = conversationId) => JSON.stringify({ room: conversationRoom(id), userId });
  const message = (messageId: string, body: string, receives = 1) => ({
    ...{ messageId, body, attributes: { ApproximateReceiveCount: String(receives) } },
  });
  const settle = (...Records: readonly object[]) => invoke(chat.functions['settle-presence'], { Records });
  const announced = () => chat.streams.bus.events.splice(0).map(({ detail }) => detail);

  test('announces what changed, in small rooms alone, and once', async () => {
    expect(await settle(message('1', check('mia')))).toEqual(comesAgain());
    expect(announced()).toMatchObject([
      {
        rooms: [conversationRoom(conversationId)],
        frames: [{ event: 'user:offline', data: { conversationId, userId: 'mia' } }],
        maxConnections: 100,
      },
    ]);
    expect(await settle(message('2', check('mia')))).toEqual(comesAgain());
    expect(announced()).toEqual([]);
  });

  test('names the messages that failed or could not be read, and does the others', async () => {
    expect(await settle(message('1', '{'), message('2', check('mia')), message('3', '{"room":7}'))).toEqual(
      comesAgain('1', '3'),
    );
    expect(announced()).toHaveLength(1);
    expect(stages()).toEqual(['settle-presence', 'settle-presence']);
  });

  test.each(['presence', 'putPresence', 'subscriptionsOf'])(
    'names a message whose look failed (%s)',
    async (operation) => {
      at.failing = operation;
      expect(await settle(message('1', check('mia')))).toEqual(comesAgain('1'));
      at.failing = undefined;
      expect(await settle(message('1', check('mia'), 2))).toEqual(comesAgain());
      expect(announced()).toHaveLength(1);
    },
  );

  test('a message whose announcement the bus refused comes again, and then tells what the row says', async () => {
    chat.streams.bus.refuses = () => true;
    expect(await settle(message('1', check('mia')))).toEqual(comesAgain('1'));
    chat.streams.bus.refuses = () => false;
    expect(await settle(message('1', check('mia'), 2))).toEqual(comesAgain());
    expect(announced()).toMatchObject([{ frames: [{ event: 'user:offline' }] }]);
  });

  test('in a chat, presence comes through although the bus refuses for a while', async () => {
    await chat.ask(mia, 'join', { conversationId });
    let refused = 0;
    chat.streams.bus.refuses = () => {
      refused += 1;
      return refused <= 2;
    };
    chat.gateway.take(olga.connectionId);
    await chat.ask(mia, 'set-status', { status: 'busy' });
    await chat.ask(mia, 'leave', { conversationId });
    await chat.pump('quiet');
    expect(refused).toBeGreaterThan(2);
    expect(chat.gateway.take(olga.connectionId).at(-1)).toMatchObject({ event: 'user:offline' });
  });

  test('drops a subscription whose connection is gone', async () => {
    chat.stores.state.connections.delete(olga.connectionId);
    expect(await settle(message('1', check('olga')))).toEqual(comesAgain());
    const left = await chat.stores.connections.subscriptionsOf(conversationRoom(conversationId), 'olga', 0);
    expect(left).toEqual([]);
  });
});
