import { describe, expect, test } from 'vitest';
import { createCast } from '../support/cast.ts';
import { Chat } from '../support/chat.ts';

describe('members', () => {
  test('a channel lives on when more of those who joined it are removed than it was created with', async () => {
    const chat = new Chat();
    const { conversationId, owner, member, other } = await createCast(chat, 'channel');
    await chat.ask(owner, 'remove-member', { conversationId, userId: member.userId });
    await chat.ask(owner, 'remove-member', { conversationId, userId: other.userId });
    const sent = await chat.ask(owner, 'send-message', { conversationId, content: 'still here' });
    expect(sent.seq).toBe(6);
  });
});
