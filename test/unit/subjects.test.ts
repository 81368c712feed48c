import { describe, expect, it } from 'vitest';
import { isUserId } from '../../client/src/limits.ts';
import { userId } from '../../shared/protocol/identifiers.ts';
import { Chat } from '../support/chat.ts';
import { SUBJECTS } from '../support/subjects.ts';

describe('ENV-7: a user id', () => {
  it.each([...SUBJECTS, 'ann', 'system1', 'System'])('may be %j', (id) => {
    expect([userId.safeParse(id).success, isUserId(id)]).toEqual([true, true]);
  });

  it.each(['', 'x'.repeat(256), 'system', 'a\tb', 'a\nb', 'ann\n', '\u007F', 'zoë', '😀'])('is not %j', (id) => {
    expect([userId.safeParse(id).success, isUserId(id)]).toEqual([false, false]);
  });
});

it('ENV-7: users of every id join, send, hear each other, are listed in pages and are removed', async () => {
  const chat = new Chat();
  const ann = await chat.connect('ann');
  const clients = await Promise.all(SUBJECTS.map((id) => chat.connect(id)));
  const { conversationId } = await chat.ask(ann, 'create-conversation', { kind: 'group', members: [...SUBJECTS] });
  await chat.ask(ann, 'join', { conversationId });
  for (const client of clients) {
    const joined = await chat.ask(client, 'join', { conversationId });
    expect(joined.online).toContainEqual({ userId: client.userId, status: 'online' });
    chat.clock.advance(1_000);
    const mentions = [SUBJECTS[0]];
    const sent = await chat.ask(client, 'send-message', { conversationId, content: 'hi', mentions });
    await chat.ask(ann, 'add-reaction', { conversationId, seq: sent.seq, emoji: '👍' });
    expect(sent).toMatchObject({ senderId: client.userId, mentions });
  }
  await chat.pump('quiet');
  const heard = chat.gateway
    .take(ann.connectionId)
    .flatMap(({ event, data }) => (event === 'receive-message' ? [(data as { senderId: string }).senderId] : []));
  expect(new Set(heard)).toEqual(new Set(SUBJECTS));

  const listed: string[] = [];
  for (let cursor: string | undefined, pages = 0; pages === 0 || cursor !== undefined; pages += 1) {
    const page = await chat.ask(ann, 'list-members', { conversationId, limit: 2, ...(cursor && { cursor }) });
    listed.push(...page.items.map(({ userId }) => userId));
    cursor = page.cursor;
  }
  expect(listed).toHaveLength(SUBJECTS.length + 1);
  expect(new Set(listed)).toEqual(new Set(['ann', ...SUBJECTS]));

  for (const client of clients) {
    await chat.ask(ann, 'remove-member', { conversationId, userId: client.userId });
    expect(await chat.refusal(client, 'history', { conversationId })).toMatchObject({ code: 'conversation-not-found' });
    const direct = await chat.ask(ann, 'create-conversation', { kind: 'direct', members: [client.userId] });
    expect(direct.userIds).toEqual(['ann', client.userId].sort());
  }
});
