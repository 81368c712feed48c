import { describe, expect } from 'vitest';
import { type DeployedClient, test } from '../support/deployed-chat.ts';
import type { Frame } from '../support/socket-client.ts';

function shows({ userId }: DeployedClient, status: string) {
  return ({ event, data }: Frame) => event === 'user:online' && data.userId === userId && data.status === status;
}

describe.concurrent('status', () => {
  test('PRES-1: belongs to the user, is sent to the joined rooms, and the last device to set it wins', async ({
    chat,
  }) => {
    const [alice, phone, laptop] = await chat.connectAll('alice', 'bob', 'bob');
    const conversationId = await chat.channel(alice, phone, laptop);
    await alice.next(shows(phone, 'online'));

    const replies = [
      await phone.ask('set-status', { status: 'away' }),
      await laptop.ask('set-status', { status: 'busy' }),
    ];
    const [away, busy] = [await alice.next(shows(phone, 'away')), await alice.next(shows(phone, 'busy'))];
    const { online } = await alice.ask('join', { conversationId });

    expect(replies).toEqual([{ status: 'away' }, { status: 'busy' }]);
    expect(busy.data.conversationId).toBe(conversationId);
    expect(busy.data.version).toBeGreaterThan(away.data.version);
    expect(online.find(({ userId }) => userId === phone.userId)).toEqual({ userId: phone.userId, status: 'busy' });
  });

  test('PRES-1: is not sent again when it is set to the same, and nothing changes', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    await bob.ask('set-status', { status: 'away' });
    await alice.next(shows(bob, 'away'));

    await bob.ask('set-status', { status: 'away' });
    await bob.say(conversationId, 'marker');
    await alice.hears('marker');

    expect(alice.pushed('user:online').filter(shows(bob, 'away'))).toHaveLength(1);
  });

  test('PRES-1: stays while a device is connected, and ends with the last connection', async ({ chat }) => {
    const [alice, phone, laptop] = await chat.connectAll('alice', 'bob', 'bob');
    const conversationId = await chat.channel(alice, phone, laptop);
    await phone.ask('set-status', { status: 'away' });
    await alice.next(shows(phone, 'away'));

    await phone.socket.close();
    const { online } = await alice.ask('join', { conversationId });
    await laptop.socket.close();
    const offline = await alice.next('user:offline');
    const again = await chat.connect('bob');
    await again.ask('join', { conversationId });
    const back = await alice.next(({ event, data }) => event === 'user:online' && data.version > offline.data.version);

    expect(online.find(({ userId }) => userId === phone.userId)?.status).toBe('away');
    expect(offline.data.userId).toBe(phone.userId);
    expect(back.data).toMatchObject({ userId: phone.userId, status: 'online' });
  });
});
