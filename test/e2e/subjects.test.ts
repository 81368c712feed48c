import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('ENV-7: users whose ids hold what identity providers write', () => {
  test('sign in, join, send, hear each other, react and are listed in pages', async ({ chat }) => {
    const users = await chat.connectAll(
      '_Yp9gD3xQ0aV',
      '-AbCdEf012',
      'ann+chat@example.com',
      'waad|a/b',
      'CN=Ann Lee,OU=Staff',
      'a#b$c%23"><\\',
    );
    const [first, ...others] = users;
    const conversationId = await chat.channel(first, ...others);

    for (const user of users) {
      const { seq } = await user.say(conversationId, `I am ${user.userId}`);
      await user.ask('add-reaction', { conversationId, seq, emoji: '👍' });
      for (const other of users) if (other !== user) await other.hears(`I am ${user.userId}`);
    }
    const one = await first.ask('list-members', { conversationId, limit: 4 });
    const two = await first.ask('list-members', { conversationId, limit: 4, cursor: one.cursor ?? '' });
    const page = await first.ask('history', { conversationId, limit: 100 });

    const listed = [...one.items, ...two.items].map(({ userId }) => userId);
    expect(new Set(listed)).toEqual(new Set(users.map(({ userId }) => userId)));
    expect(two.cursor).toBeUndefined();
    const senders = page.entries.flatMap(({ event, data }) => (event === 'receive-message' ? [data.senderId] : []));
    expect(senders).toEqual(users.map(({ userId }) => userId));
    expect(await first.ask('ping', {})).toMatchObject({ userId: first.userId });
  });
});
