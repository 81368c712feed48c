import { describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';

describe('slow mode', () => {
  test('ROLE-1: applies only to members, on all their sockets, and says when to send again', async ({ chat }) => {
    const [owner, bob, tab, carol] = await chat.connectAll('owner', 'bob', 'bob', 'carol');
    const { conversationId } = await chat.group(owner, bob, carol);
    const slow = await owner.append('update-conversation', { conversationId, slowModeSeconds: 3_600 });

    await bob.say(conversationId, 'once');
    const refused = await tab.refusal('send-message', { conversationId, content: 'twice' });
    await carol.say(conversationId, 'another’s first');
    for (const text of ['owners', 'are not', 'bound']) await owner.say(conversationId, text);

    expect(slow).toMatchObject({ changes: { slowModeSeconds: 3_600 }, by: owner.userId });
    expect(refused).toMatchObject({ code: 'rate-limited', retryable: true });
    expect(refused.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(3_600_000);
    expect((await bob.ask('join', { conversationId })).conversation.slowModeSeconds).toBe(3_600);
  });

  test('SEND-3: answers a retry of what was sent instead of refusing it', async ({ chat }) => {
    const [owner, bob] = await chat.connectAll('owner', 'bob');
    const { conversationId } = await chat.group(owner, bob);
    await owner.append('update-conversation', { conversationId, slowModeSeconds: 3_600 });
    const message = { conversationId, content: 'once', clientMessageId: 'm1' };

    const sent = await bob.ask('send-message', message);
    expect(await bob.ask('send-message', message)).toEqual({ ...sent, duplicate: true });
  });

  test('ends when it is turned off, and does not limit edits, reactions or deletions', async ({ chat }) => {
    const [owner, bob] = await chat.connectAll('owner', 'bob');
    const { conversationId } = await chat.group(owner, bob);
    await owner.append('update-conversation', { conversationId, slowModeSeconds: 3_600 });
    const { seq } = await bob.say(conversationId, 'once');

    await bob.append('edit-message', { conversationId, seq, content: 'edited' });
    await bob.append('add-reaction', { conversationId, seq, emoji: '👍' });
    await bob.append('delete-message', { conversationId, seq });
    expect(await bob.refusal('send-message', { conversationId, content: 'x' })).toMatchObject({ code: 'rate-limited' });
    await owner.append('update-conversation', { conversationId, slowModeSeconds: 0 });
    await bob.say(conversationId, 'at last');
    await bob.say(conversationId, 'and again');
  });
});
