import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('typing', () => {
  test('TYPE-1, ENV-4: others in the room see it, the typist’s own tabs do not, and there is no reply', async ({
    chat,
  }) => {
    const [alice, tab, bob, carol] = await chat.connectAll('alice', 'alice', 'bob', 'carol');
    const conversationId = await chat.channel(alice, tab, bob);
    await chat.channel(carol);

    alice.socket.send({ action: 'typing', requestId: 't1', conversationId, isTyping: true });
    const seen = await bob.next('user-typing');
    alice.socket.send({ action: 'typing', requestId: 't2', conversationId, isTyping: false });
    const stopped = await bob.next('user-typing');
    await alice.say(conversationId, 'marker');
    await tab.hears('marker');

    expect(seen).toEqual({ event: 'user-typing', data: { conversationId, userId: alice.userId, isTyping: true } });
    expect(stopped.data.isTyping).toBe(false);
    for (const client of [alice, tab, carol]) expect(client.pushed('user-typing')).toEqual([]);
    expect(alice.socket.frames.filter(({ requestId }) => requestId?.startsWith('t'))).toHaveLength(0);
  });

  test('TYPE-1: is dropped silently beyond the rate', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);

    for (let count = 0; count < 15; count += 1) {
      alice.socket.send({ action: 'typing', requestId: `t${count}`, conversationId, isTyping: true });
    }
    // This one is refused, and its answer comes after the fifteen, which go through the same function.
    await alice.refusal('typing', { conversationId: chat.id('nowhere'), isTyping: true });

    const typed = bob.pushed('user-typing').length;
    expect(typed).toBeGreaterThanOrEqual(5);
    expect(typed).toBeLessThan(15);
    expect(alice.pushed('error')).toEqual([]);
  });

  test('AUTH-1: a user who is not a member gets an error', async ({ chat }) => {
    const [alice, mallory] = await chat.connectAll('alice', 'mallory');
    const channel = await chat.channel(alice);
    const { conversationId: group } = await chat.group(alice);

    expect(await mallory.refusal('typing', { conversationId: channel, isTyping: true })).toMatchObject({
      code: 'not-joined',
    });
    expect(await mallory.refusal('typing', { conversationId: group, isTyping: true })).toMatchObject({
      code: 'conversation-not-found',
    });
  });
});
