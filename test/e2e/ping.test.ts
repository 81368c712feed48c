import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('ping', () => {
  test('CONN-4: names the user, the end of the token, and the server’s time', async ({ chat }) => {
    const alice = await chat.connect('alice', { lifetimeSeconds: 600 });

    const pong = await alice.ask('ping', {});

    expect(pong).toMatchObject({ userId: alice.userId, protocol: 'chat.v1', behind: [] });
    expect(Math.abs(Date.parse(pong.at) - Date.now())).toBeLessThan(5_000);
    expect(Math.abs(Date.parse(pong.expiresAt) - Date.now() - 600_000)).toBeLessThan(5_000);
  });

  test('CONN-4: names the logs that are ahead of the given positions, if the user may read them', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const [first, second, foreign] = [
      await chat.channel(alice, bob),
      await chat.channel(alice, bob),
      await chat.channel(bob),
    ];
    for (const conversationId of [first, second, foreign]) await bob.say(conversationId, 'new');
    await bob.say(first, 'newer');

    const { behind } = await alice.ask('ping', {
      positions: [
        { conversationId: first, seq: 0 },
        { conversationId: second, seq: 1 },
        { conversationId: foreign, seq: 0 },
        { conversationId: chat.id('none'), seq: 0 },
      ],
    });

    expect(behind).toEqual([{ conversationId: first, head: 2 }]);
  });

  test('CONN-4: shows what was missed at the end of a log whose room was not joined', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    await alice.ask('leave', { conversationId });
    await bob.say(conversationId, 'unseen');

    const { behind } = await alice.ask('ping', { positions: [{ conversationId, seq: 0 }] });
    const { entries } = await alice.ask('history', { conversationId, after: 0 });

    expect(behind).toEqual([{ conversationId, head: 1 }]);
    expect(entries.map(({ data }) => data.content)).toEqual(['unseen']);
    expect(alice.pushed('receive-message')).toEqual([]);
  });
});
