import { describe, expect, it } from 'vitest';
import { readToken } from '../../functions/middleware/handshake-token.ts';
import { nameText } from '../../shared/protocol/text.ts';
import { Chat } from '../support/chat.ts';

async function group() {
  const chat = new Chat();
  const ann = await chat.connect('ann');
  const { conversationId } = await chat.ask(ann, 'create-conversation', { kind: 'group', members: ['bob'] });
  return { chat, ann, conversationId, bob: { conversationId, userId: 'bob' } };
}

describe('texts (TEXT-1)', () => {
  it('are stored as they were sent, but for CRLF; the same text in another form of Unicode changes nothing', async () => {
    const { chat, ann, conversationId } = await group();
    const content = 'Cafe\u0301 \uFA46\r\n!';
    const sent = await chat.ask(ann, 'send-message', { conversationId, content, clientMessageId: 'm-1' });
    expect(sent.content).toBe('Cafe\u0301 \uFA46\n!');
    const again = content.replace('\r\n', '\n').normalize('NFC');
    const edited = await chat.ask(ann, 'edit-message', { conversationId, seq: sent.seq, content: again });
    expect(edited).toMatchObject({ content: sent.content, unchanged: true });
    const renamed = await chat.ask(ann, 'update-conversation', { conversationId, name: 'Cafe\u0301 \uFA46' });
    expect(renamed).toMatchObject({ changes: { name: 'Cafe\u0301 \uFA46' } });
    const same = await chat.ask(ann, 'update-conversation', {
      conversationId,
      name: 'Caf\u00E9 \uFA46'.normalize('NFC'),
    });
    expect(same).toMatchObject({ changes: { name: 'Cafe\u0301 \uFA46' }, unchanged: true });
  });

  it('are counted as they were sent: 4,000 characters that NFC would make 8,000', async () => {
    const { chat, ann, conversationId } = await group();
    const sent = await chat.ask(ann, 'send-message', { conversationId, content: '\u0958'.repeat(4_000) });
    expect(sent.content).toBe('\u0958'.repeat(4_000));
    const tooLong = await chat.refusal(ann, 'send-message', { conversationId, content: '\u0958'.repeat(4_001) });
    expect(tooLong).toMatchObject({ code: 'too-large' });
  });
});

describe('update-member', () => {
  it('MEMB-2: a user who is banned is given no role', async () => {
    const { chat, ann, bob } = await group();
    const refused = await chat.refusal(ann, 'update-member', { ...bob, role: 'admin', banned: true });
    expect(refused).toMatchObject({ code: 'validation-failed', details: [{ path: 'role' }] });
  });

  it('RETRY-1: a ban that also mutes may be sent again', async () => {
    const { chat, ann, bob } = await group();
    const ban = { ...bob, mutedUntil: '2030-01-01T00:00:00.000Z', banned: true };
    await chat.ask(ann, 'update-member', ban);
    expect(await chat.ask(ann, 'update-member', ban)).toMatchObject({ unchanged: true });
  });
});

it('READ-1: a mark is clamped to the head, however far beyond it', async () => {
  const { chat, ann, conversationId } = await group();
  await chat.ask(ann, 'send-message', { conversationId, content: 'hello' });
  const marked = await chat.ask(ann, 'mark', { conversationId, readSeq: Number.MAX_SAFE_INTEGER });
  expect(marked).toMatchObject({ readSeq: 1, deliveredSeq: 1, unread: 0 });
});

it('CONN-3: an empty token is a bad token', async () => {
  const { chat, ann } = await group();
  expect(await chat.refusal(ann, 'refresh-token', { token: '' })).toMatchObject({ code: 'unauthorized' });
});

it('CONN-1: a token that is twice in the query counts as two tokens', () => {
  expect(readToken({}, ['a.b.c', 'd.e.f'])).toEqual({ fault: 'token in two places' });
});

it.each([
  '\u00AD',
  '\u034F',
  '\u180E',
  '\u2061',
  '\u206A',
  '\u{E0061}',
  '\u17B4',
  '\uFFF9',
  '\u115F',
  '\u3164',
  '\u200D',
])('TEXT-1: a name holds no zero-width character (%j)', (character) => {
  expect(nameText(`ad${character}min`)).toMatchObject({ ok: false });
});

it('TEXT-1: a name may contain an emoji with its variation selector', () => {
  expect(nameText('I ❤️ tea')).toEqual({ ok: true, text: 'I ❤️ tea' });
});

it('CONN-5: a connection that has ended is told and closed, also when its row cannot be deleted', async () => {
  const chat = new Chat({
    memory: {
      before: async ({ operation }) => {
        if (operation === 'forget') throw new Error('throttled');
      },
    },
  });
  const ann = await chat.connect('ann', 1_000);
  chat.clock.advance(120_000);
  expect(await chat.command(ann, 'ping', {})).toBeUndefined();
  expect(chat.gateway.inbox(ann.connectionId).map(({ event }) => event)).toEqual(['error', 'closing']);
  expect(chat.gateway.closed).toEqual([ann.connectionId]);
});
