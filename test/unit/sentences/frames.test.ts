import { expect } from 'vitest';
import { LogView } from '../../../client/src/log/log-view.ts';
import { actionNames, actions } from '../../../shared/protocol/actions.ts';
import type { Message } from '../../../shared/protocol/entries.ts';
import type { Scene } from '../../support/scene.ts';
import { sentencesOf, shownBy, shownOnAws, wordsOnly } from '../../support/sentences.ts';

const says = sentencesOf('Frames');
const MINUTE_MS = 60_000;

says(
  'ENV-1',
  'A frame is text: UTF-8, one JSON object, at most 32 KiB in either direction.',
  async (s) => {
    const ping = '{"action":"ping"}';
    expect(await s.codeOfFrame(s.ann, '[]')).toBe('invalid-json');
    expect(await s.codeOfFrame(s.ann, ping.padEnd(32 * 1024))).toBe(undefined);
    expect(await s.codeOfFrame(s.ann, ping.padEnd(32 * 1024 + 1))).toBe('too-large');
    const twoBytesEach = JSON.stringify({ action: 'ping', x: 'é'.repeat(16 * 1024) });
    expect([twoBytesEach.length < 32 * 1024, await s.codeOfFrame(s.ann, twoBytesEach)]).toEqual([true, 'too-large']);
  },
  shownBy(
    'unit/reading.test.ts',
    'cuts a page to fit one frame, on the side where reading goes on, and never to nothing',
  ),
);
says(
  'ENV-1',
  'That is one API Gateway frame, and one billed message.',
  wordsOnly('how AWS counts and bills is not ours'),
);
says(
  'ENV-1',
  'Clients measure a frame before they send it, because API Gateway closes the socket on a larger one (1009).',
  shownBy(
    'unit/console-wire.test.ts',
    'ENV-1: a raw frame over 32 KiB is told of and not sent, one of just 32 KiB goes',
  ),
  shownBy(
    'unit/client-conversation.test.ts',
    'TEXT-1: a message with %s that nobody awaits is shown as failed, with the reason',
  ),
  shownOnAws('A frame that is too large'),
);
says(
  'ENV-1',
  'An entry has at most 24 KiB as JSON; what would be larger is too-large.',
  async (s) => {
    const conversationId = await s.channel();
    const wide = Array.from({ length: 20 }, (_, at) => `${at}${'"'.repeat(250)}`);
    s.chat.clock.advance(MINUTE_MS);
    for (const userId of wide) {
      const client = await s.chat.connect(userId);
      await s.chat.ask(client, 'join', { conversationId });
    }
    const fields = { conversationId, content: '😀'.repeat(4_000), mentions: wide };
    expect(await s.code(s.ann, 'send-message', fields)).toBe('too-large');
    expect(await s.code(s.ann, 'send-message', { ...fields, mentions: wide.slice(0, 12) })).toBe(undefined);
  },
  shownBy('unit/append.test.ts', 'too-large: an entry over 24 KiB is refused'),
);

says('ENV-2', 'From client to server: {"action": "...", "requestId"?: "...", ...fields}.', async (s) => {
  expect(await s.codeOfFrame(s.ann, { action: 'set-status', requestId: 'a', status: 'away' })).toBe(undefined);
  expect(await s.codeOfFrame(s.ann, { action: 'set-status', status: 'away' })).toBe(undefined);
  expect(await s.codeOfFrame(s.ann, { action: 'set-status', fields: { status: 'away' } })).toBe('validation-failed');
  expect(await s.codeOfFrame(s.ann, { requestId: 'a', status: 'away' })).toBe('unknown-action');
});
says(
  'ENV-2',
  'action selects the API Gateway route ($request.body.action).',
  shownBy('infra/socket.test.ts', 'are chosen by the action of a frame (ENV-2)'),
);
says(
  'ENV-2',
  'The client chooses requestId, and the reply repeats it.',
  shownBy('unit/command-handler.test.ts', '%s is echoed in replies and errors'),
);

says('ENV-3', 'From server to client: {"event": "...", "requestId"?: "...", "data": {...}}.', async (s) => {
  const reply = await s.chat.raw(s.ann, '{"action":"ping","requestId":"1"}');
  expect(reply).toEqual({ event: 'pong', requestId: '1', data: expect.any(Object) });
  const conversationId = await s.group(s.bob);
  await s.say(s.ann, conversationId);
  for (const push of await s.heard(s.bob)) expect(push).toEqual({ event: 'receive-message', data: expect.any(Object) });
});
says('ENV-3', 'A frame with requestId is a reply; a push never has one.', async (s) => {
  const conversationId = await s.group(s.bob);
  await s.say(s.ann, conversationId);
  await s.chat.command(s.ann, 'typing', { conversationId, isTyping: true });
  const pushes = await s.heard(s.bob);
  expect(pushes.map(({ event }) => event).sort()).toEqual(['receive-message', 'user-typing']);
  for (const push of pushes) expect(push).not.toHaveProperty('requestId');
});
says(
  'ENV-3',
  'A frame without event comes from the gateway itself: ignore it.',
  shownBy('unit/client-connection.test.ts', 'ignores what is not an event, and texts that are not frames (ENV-3)'),
);

says('ENV-4', 'A command gets at most one reply, success or error.', async (s) => {
  const conversationId = await s.group(s.bob);
  const said = { conversationId, content: 'hi' };
  for (const fields of [said, { ...said, replyTo: 9 }]) {
    const reply = await s.chat.command(s.ann, 'send-message', fields);
    expect(reply?.event).toMatch(/^message-(sent|error)$/);
    expect(await s.heard(s.ann)).toEqual([]);
  }
});
says(
  'ENV-4',
  'A typing that succeeds gets none.',
  shownBy('unit/command-handler.test.ts', 'ENV-4: a successful typing gets no reply'),
);
says(
  'ENV-4',
  'Without a reply within 10 s the outcome is unknown: see RETRY-1.',
  shownBy(
    'unit/client-connection.test.ts',
    'repeats a command whose reply was lost with its socket (RETRY-1), until the command times out',
  ),
);

says('ENV-5', 'The server refuses unknown fields in a command (validation-failed).', async (s) => {
  for (const action of actionNames) {
    const context = { conversationId: 'c', seq: 1, position: 0, me: 'ann', other: 'bob', id: 'i', now: new Date(0) };
    const fields = actions[action].examples[0]?.fields(context);
    expect([action, await s.codeOfFrame(s.ann, { action, ...fields, color: 'red' })]).toEqual([
      action,
      'validation-failed',
    ]);
  }
});
says('ENV-5', 'Clients must ignore unknown fields in data.', () => {
  const log = new LogView(() => 'ann');
  const common = { conversationId: 'c', at: '2026-11-22T12:00:00.000Z', n: 1, color: 'red' };
  const text = { senderId: 'bob', type: 'text' as const, createdAt: common.at, content: 'hi', reactions: [] };
  const message = { event: 'receive-message', data: { ...common, ...text, seq: 1, rev: 1 } } as const;
  const edit = { ...common, seq: 2, targetSeq: 1, content: 'new', updatedBy: 'bob' };
  log.open([message, { event: 'message-updated', data: edit }], 2, false);
  expect(log.position).toBe(2);
  expect(log.messages()).toMatchObject([{ content: 'new' }]);
});

says(
  'ENV-6',
  '{"event":"batch","data":{"frames":[frame, …]}} is packaging only.',
  shownBy(
    'unit/broadcast.test.ts',
    'ENV-6: entries committed together come in one batch, without the receiving connection’s own',
  ),
);
says('ENV-6', 'It holds pushes, stays within ENV-1, and is never nested.', async (s) => {
  const conversationId = await s.group(s.bob);
  for (let at = 0; at < 10; at += 1) await s.say(s.ann, conversationId, { content: 'x'.repeat(4_000) });
  const before = s.chat.gateway.posts.length;
  await s.chat.pump();
  const frames = s.chat.gateway.posts
    .slice(before)
    .map(({ text }) => JSON.parse(text) as { event: string; data: object });
  expect(frames.map(({ event }) => event)).toContain('batch');
  for (const { text } of s.chat.gateway.posts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32 * 1024);
  expect(JSON.stringify(frames.map(({ data }) => data))).not.toContain('"batch"');
});
says('ENV-6', 'Within it the seqs of a conversation ascend.', async (s) => {
  const conversationId = await s.group(s.bob);
  for (let at = 0; at < 5; at += 1) await s.say(s.ann, conversationId);
  const seqs = (await s.heard(s.bob)).map(({ data }) => (data as Message).seq);
  expect(seqs).toEqual([1, 2, 3, 4, 5]);
});

says(
  'ENV-7',
  'Times are ISO 8601 UTC with milliseconds.',
  async (s) => {
    const conversationId = await s.group();
    const { createdAt } = await s.say(s.ann, conversationId);
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    for (const mutedUntil of ['2030-01-01T00:00:00Z', '2030-01-01T00:00:00.000+01:00', '2030-01-01', 5]) {
      const frame = { action: 'update-member', conversationId, userId: 'ann', mutedUntil };
      expect(await s.codeOfFrame(s.ann, frame)).toBe('validation-failed');
    }
  },
  shownBy('unit/command-handler.test.ts', 'a time without milliseconds'),
);
says(
  'ENV-7',
  `userId is the sub of the token: 1–255 printable characters of ASCII, the space among them, as OpenID Connect has it;
   system is no user.`,
  shownBy('unit/subjects.test.ts', 'ENV-7: a user id'),
  shownBy(
    'unit/subjects.test.ts',
    'ENV-7: users of every id join, send, hear each other, are listed in pages and are removed',
  ),
);
says('ENV-7', 'Ids are the same only if all their characters are, case included.', async (s) => {
  await s.channel();
  expect(await s.code(s.ann, 'history', { conversationId: 'lobby' })).toBe(undefined);
  expect(await s.code(s.ann, 'history', { conversationId: 'Lobby' })).toBe('conversation-not-found');
  const conversationId = await s.group(s.bob);
  expect(await s.code(s.ann, 'remove-member', { conversationId, userId: 'Bob' })).toBe('user-not-found');
  const [one, other] = [{ clientMessageId: 'm' }, { clientMessageId: 'M' }];
  expect((await s.say(s.ann, conversationId, one)).seq).not.toBe((await s.say(s.ann, conversationId, other)).seq);
});
says('ENV-7', 'conversationId matches [A-Za-z0-9][A-Za-z0-9_.:-]{0,63}.', async (s) => {
  const code = (conversationId: string) => s.code(s.ann, 'history', { conversationId });
  for (const id of ['a', '0_.:-Z', 'x'.repeat(64)]) expect(await code(id)).toBe('conversation-not-found');
  for (const id of ['', '.a', '_a', ':a', '-a', 'a b', 'é', 'a\n', 'x'.repeat(65)]) {
    expect([id, await code(id)]).toEqual([id, 'validation-failed']);
  }
});
says('ENV-7', 'requestId, clientMessageId and clientRequestId match [A-Za-z0-9_.:-]{1,64}.', async (s) => {
  const conversationId = await s.group();
  const send = { action: 'send-message', conversationId, content: 'hi' };
  const create = { action: 'create-conversation', kind: 'group' };
  const frames = (id: string) => [
    { action: 'ping', requestId: id },
    { ...send, clientMessageId: id },
    { ...create, clientRequestId: id },
  ];
  for (const id of ['a', '._:-', 'x'.repeat(64)]) {
    for (const frame of frames(id)) expect([id, await s.codeOfFrame(s.ann, frame)]).toEqual([id, undefined]);
  }
  for (const id of ['', 'a b', 'é', 'x'.repeat(65), 'a\n']) {
    for (const frame of frames(id)) expect([id, await s.codeOfFrame(s.ann, frame)]).toEqual([id, 'validation-failed']);
  }
});
says(
  'ENV-7',
  'An invalid requestId is not repeated.',
  shownBy('unit/command-handler.test.ts', '%j is refused and not echoed'),
);
says(
  'ENV-7',
  `Positions in a log are at most 999,999,999,999, else validation-failed; only the marks of mark may be any whole number
   up to 9,007,199,254,740,991 (READ-1).`,
  async (s) => {
    const conversationId = await s.group();
    await s.say(s.ann, conversationId);
    const [most, more] = [999_999_999_999, 1_000_000_000_000];
    expect(await s.code(s.ann, 'history', { conversationId, after: most })).toBe(undefined);
    for (const fields of [{ after: more }, { before: more }]) {
      expect(await s.code(s.ann, 'history', { conversationId, ...fields })).toBe('validation-failed');
    }
    expect(await s.code(s.ann, 'join', { conversationId, after: more })).toBe('validation-failed');
    expect(await s.code(s.ann, 'delete-message', { conversationId, seq: more })).toBe('validation-failed');
    const positions = [{ conversationId, seq: more }];
    expect(await s.code(s.ann, 'ping', { positions })).toBe('validation-failed');
    const content = 'hi';
    expect(await s.code(s.ann, 'send-message', { conversationId, content, after: more })).toBe('validation-failed');
    expect(await s.code(s.ann, 'send-message', { conversationId, content, replyTo: more })).toBe('validation-failed');
    for (const readSeq of [more, Number.MAX_SAFE_INTEGER]) {
      expect(await s.chat.ask(s.ann, 'mark', { conversationId, readSeq })).toMatchObject({ readSeq: 1 });
    }
    for (const readSeq of [-1, 0.5, 2 ** 53])
      expect(await s.code(s.ann, 'mark', { conversationId, readSeq })).toBe('validation-failed');
  },
);

says(
  'ENV-8',
  'User data is never the key of an object on the wire.',
  shownBy('unit/wire-keys.test.ts', 'ENV-8: no key of %s is data from a user'),
);

says(
  'RETRY-1',
  'Every command may be sent again.',
  shownBy('property/client-view.test.ts', 'ends equal to the log, with every sent message once and in order'),
  async (s) => {
    const conversationId = await s.group(s.bob);
    const before = s.chat.stores.state.log(conversationId).current.length;
    await s.say(s.ann, conversationId, { clientMessageId: 'm' });
    await s.say(s.ann, conversationId, { clientMessageId: 'm' });
    expect(s.chat.stores.state.log(conversationId).current).toHaveLength(before + 1);
  },
);
says(
  'RETRY-1',
  `Without a clientMessageId it is another message, though, and without a clientRequestId a conversation whose id is
   derived from it is another one.`,
  async (s) => {
    const conversationId = await s.group();
    expect([await s.say(s.ann, conversationId), await s.say(s.ann, conversationId)]).toMatchObject([
      { seq: 1 },
      { seq: 2 },
    ]);
    for (const kind of ['group', 'channel'] as const) {
      const id = async (fields: { clientRequestId?: string }) =>
        (await s.chat.ask(s.ann, 'create-conversation', { kind, ...fields })).conversationId;
      expect(await id({})).not.toBe(await id({}));
      expect(await id({ clientRequestId: 'one' })).toBe(await id({ clientRequestId: 'one' }));
    }
  },
);
says(
  'RETRY-1',
  `A command that would append or create and finds its work done (same content, already a member, reacted already, one's
   own channel created again, …) appends nothing.`,
  async (s) => {
    await everyRepeat(s, ({ before, after }) => expect(after).toBe(before));
  },
);
says(
  'RETRY-1',
  `It replies with its usual event, unchanged: true and the state as it is: the fields of the entry but seq, at and n.`,
  async (s) => {
    await everyRepeat(s, ({ first, second }) => {
      const { seq: _seq, at: _at, n: _n, ...state } = first as Record<string, unknown>;
      const { count: _, ...known } = state;
      expect(second).toMatchObject({ ...known, unchanged: true });
      for (const field of ['seq', 'at', 'n']) expect(second).not.toHaveProperty(field);
    });
  },
);
says(
  'RETRY-1',
  'join, leave, mark, set-status, typing, the lists and history answer a second try like the first.',
  async (s) => {
    const conversationId = await s.group(s.bob);
    await s.say(s.bob, conversationId);
    const ask = [
      ['join', { conversationId }],
      ['mark', { conversationId, readSeq: 1 }],
      ['set-status', { status: 'busy' }],
      ['typing', { conversationId, isTyping: true }],
      ['list-members', { conversationId }],
      ['list-conversations', {}],
      ['history', { conversationId }],
      ['leave', { conversationId }],
    ] as const;
    for (const [action, fields] of ask) {
      const first = await s.chat.command(s.ann, action, fields as never);
      const second = await s.chat.command(s.ann, action, fields as never);
      expect([second?.event, second?.data]).toEqual([first?.event, first?.data]);
    }
  },
);
says(
  'RETRY-1',
  `A user who gave up the right to ask is told so: after leaving, conversation-not-found (in a channel not-joined); after
   giving up a role, forbidden.`,
  shownBy('unit/rule-details.test.ts', 'RETRY-1: a user who left is told so'),
  shownBy('unit/rule-details.test.ts', 'RETRY-1: a user who gave up a role is told so'),
);

says('TEXT-1', 'Text is well-formed Unicode without lone surrogates.', async (s) => {
  const conversationId = await s.group();
  for (const content of ['\uD800', 'a\uDC00b', '\uDC00\uD800']) {
    expect(await s.code(s.ann, 'send-message', { conversationId, content })).toBe('validation-failed');
    expect(await s.code(s.ann, 'update-conversation', { conversationId, name: content })).toBe('validation-failed');
  }
});
says(
  'TEXT-1',
  'It is stored and delivered as text, never as markup.',
  async (s) => {
    const conversationId = await s.group(s.bob);
    const content = '<b>a</b> & "c" \\n {{x}}';
    expect((await s.say(s.ann, conversationId, { content })).content).toBe(content);
    expect(await s.heard(s.bob)).toMatchObject([{ data: { content } }]);
    expect((await s.message(conversationId, 1)).content).toBe(content);
  },
  shownBy('unit/web-text.test.ts', 'TEXT-1: every character of %s is kept, and every link is harmless'),
);
says(
  'TEXT-1',
  'CRLF becomes LF; else a text is stored as it was sent, in the form of Unicode in which it was sent.',
  shownBy(
    'unit/edge-inputs.test.ts',
    'are stored as they were sent, but for CRLF; the same text in another form of Unicode changes nothing',
  ),
);
says('TEXT-1', 'Lengths are code points, counted after that.', async (s) => {
  const conversationId = await s.group();
  const code = (content: string) => s.code(s.ann, 'send-message', { conversationId, content });
  expect([await code('😀'.repeat(4_000)), await code('😀'.repeat(4_001))]).toEqual([undefined, 'too-large']);
  expect(await code(`${'\r\n'.repeat(3_999)}x`)).toBe(undefined);
  expect(await code(`${'\r\n'.repeat(4_000)}x`)).toBe('too-large');
});
says('TEXT-1', 'Whether two texts are the same (RETRY-1) is told by their NFC.', async (s) => {
  const conversationId = await s.group();
  const { seq } = await s.say(s.ann, conversationId, { content: 'Cafe\u0301' });
  const edit = (content: string) => s.chat.ask(s.ann, 'edit-message', { conversationId, seq, content });
  expect(await edit('Caf\u00E9')).toMatchObject({ unchanged: true, content: 'Cafe\u0301' });
  expect(await edit('Cafe')).not.toHaveProperty('unchanged');
});
says('TEXT-1', 'A text has no control characters but tab and LF; a CR on its own is one.', async (s) => {
  const conversationId = await s.group();
  const code = (content: string) => s.code(s.ann, 'send-message', { conversationId, content });
  for (const good of ['a\tb', 'a\nb', 'a\r\nb']) expect(await code(good)).toBe(undefined);
  for (const bad of ['a\rb', 'a\u0000b', 'a\u007Fb', 'a\u0085b', 'a\r\r\nb'])
    expect(await code(bad)).toBe('validation-failed');
});
says('TEXT-1', 'White space around a text is kept.', async (s) => {
  const conversationId = await s.group();
  expect((await s.say(s.ann, conversationId, { content: ' \n hi\t\n' })).content).toBe(' \n hi\t\n');
  await s.chat.ask(s.ann, 'update-conversation', { conversationId, name: ' Plans ' });
  expect((await s.chat.ask(s.ann, 'list-conversations', {})).items[0]?.name).toBe(' Plans ');
});
says('TEXT-1', 'content: 1–4,000 code points with at least one visible character.', async (s) => {
  const conversationId = await s.group();
  const code = (content: string) => s.code(s.ann, 'send-message', { conversationId, content });
  for (const good of ['x', 'x'.repeat(4_000), `${' '.repeat(3_999)}x`]) expect(await code(good)).toBe(undefined);
  for (const bad of ['', ' ', '\n']) expect(await code(bad)).toBe('validation-failed');
  expect(await code('x'.repeat(4_001))).toBe('too-large');
});
says(
  'TEXT-1',
  `Visible is anything but white space, control and format characters, unassigned and private ones, and fillers that are
   drawn as nothing.`,
  async (s) => {
    const conversationId = await s.group();
    const code = (content: string) => s.code(s.ann, 'send-message', { conversationId, content });
    const invisible = ['\u3000', '\t', '\u200B', '\u2060', '\u0378', '\uE000', '\u3164', '\uFFA0', '\u2800', '\uFE0F'];
    for (const bad of invisible) expect([bad, await code(bad)]).toEqual([bad, 'validation-failed']);
    for (const good of ['.', '\u0301', '中', '😀', '\u200Bx'])
      expect([good, await code(good)]).toEqual([good, undefined]);
  },
);
says(
  'TEXT-1',
  `name: 1–100 code points on one line, with a visible character, without bidi controls and zero-width characters.`,
  async (s) => {
    const conversationId = await s.group();
    const code = (name: string) => s.code(s.ann, 'update-conversation', { conversationId, name });
    for (const good of ['x', '😀'.repeat(100), 'A B']) expect([good, await code(good)]).toEqual([good, undefined]);
    for (const bad of [
      '',
      ' ',
      'a\nb',
      'a\tb',
      'a\u2028b',
      'a\u2029b',
      'a\u0085b',
      'a\u202Eb',
      'a\u2066b',
      'a\u200Bb',
    ]) {
      expect([bad, await code(bad)]).toEqual([bad, 'validation-failed']);
    }
    expect(await code('x'.repeat(101))).toBe('too-large');
  },
);
says(
  'TEXT-1',
  'Zero-width is every default-ignorable character but the emoji selector U+FE0F.',
  shownBy('unit/edge-inputs.test.ts', 'TEXT-1: a name holds no zero-width character (%j)'),
  shownBy('unit/edge-inputs.test.ts', 'TEXT-1: a name may contain an emoji with its variation selector'),
);
says('TEXT-1', 'emoji: one RGI emoji.', async (s) => {
  const conversationId = await s.group();
  const { seq } = await s.say(s.ann, conversationId);
  const code = (emoji: string) => s.code(s.ann, 'add-reaction', { conversationId, seq, emoji });
  for (const good of ['👍', '👍🏽', '👨‍👩‍👧', '🇩🇪', '1️⃣']) expect([good, await code(good)]).toEqual([good, undefined]);
  for (const bad of ['', 'a', '👍👍', '👍 ', ':)', '1'])
    expect([bad, await code(bad)]).toEqual([bad, 'validation-failed']);
});
says(
  'TEXT-1',
  `One that lacks nothing but U+FE0F (❤ for ❤️) is taken, too; it is stored, answered and pushed in its fully qualified
   form, so the two are one reaction.`,
  shownBy('unit/messages.test.ts', 'with an emoji that lacks its selector are reactions with that emoji (TEXT-1)'),
  async (s) => {
    const conversationId = await s.group(s.bob);
    const { seq } = await s.say(s.ann, conversationId);
    await s.rest();
    const reaction = { conversationId, seq, emoji: '\u2764' };
    expect(await s.chat.ask(s.ann, 'add-reaction', reaction)).toMatchObject({ emoji: '\u2764\uFE0F' });
    expect(await s.heard(s.bob)).toMatchObject([{ data: { emoji: '\u2764\uFE0F' } }]);
    expect((await s.message(conversationId, seq)).reactions).toMatchObject([{ emoji: '\u2764\uFE0F', count: 1 }]);
  },
);
says('TEXT-1', 'A text that is too long is too-large, whatever else is wrong with it.', async (s) => {
  const conversationId = await s.group();
  for (const wrong of ['\u0000', '\uD800', ' ', '\u200B', '\r']) {
    const code = await s.code(s.ann, 'send-message', { conversationId, content: wrong.repeat(4_001) });
    expect([wrong, code]).toEqual([wrong, 'too-large']);
    expect(await s.code(s.ann, 'update-conversation', { conversationId, name: wrong.repeat(101) })).toBe('too-large');
  }
});
says(
  'TEXT-1',
  'If another field is at fault too, the frame is validation-failed.',
  shownBy(
    'unit/rule-details.test.ts',
    'TEXT-1: a text that is too long is too-large, together with another fault validation-failed',
  ),
);

/** Every command that appends or creates, twice: what each try answers, and how long the log was before the second. */
async function everyRepeat(
  s: Scene,
  assess: (seen: { first: object; second: object; before: number; after: number }) => void,
): Promise<void> {
  const conversationId = await s.group(s.bob, s.cid);
  const { seq } = await s.say(s.ann, conversationId);
  const { seq: another } = await s.say(s.ann, conversationId);
  const one = { conversationId, seq };
  const bob = { conversationId, userId: 'bob' };
  const commands = [
    ['edit-message', { ...one, content: 'new' }],
    ['add-reaction', { ...one, emoji: '👍' }],
    ['remove-reaction', { ...one, emoji: '👍' }],
    ['delete-message', { conversationId, seq: another }],
    ['add-member', { conversationId, userId: 'dan' }],
    ['update-member', { ...bob, role: 'admin' }],
    ['update-member', { ...bob, mutedUntil: '2030-01-01T00:00:00.000Z' }],
    ['update-member', { conversationId, userId: 'cid', banned: true }],
    ['update-conversation', { conversationId, name: 'Plans' }],
    ['create-conversation', { kind: 'channel', conversationId: 'mine' }],
  ] as const;
  const length = () => s.chat.stores.state.log(conversationId).current.length;
  for (const [action, fields] of commands) {
    const first = await s.chat.ask(s.ann, action, fields as never);
    const before = length();
    const second = await s.chat.ask(s.ann, action, fields as never);
    assess({ first, second, before, after: length() });
  }
  // The entry of a departure names the role until then, which the row does not keep: `role` may differ.
  const gone = { conversationId, userId: 'dan' };
  const first = await s.chat.ask(s.ann, 'remove-member', gone);
  const before = length();
  assess({ first, second: await s.chat.ask(s.ann, 'remove-member', gone), before, after: length() });
}
