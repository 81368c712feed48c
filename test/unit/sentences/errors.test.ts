import { expect } from 'vitest';
import { actionNames } from '../../../shared/protocol/actions.ts';
import { ERROR_CODES, type ErrorCode } from '../../../shared/protocol/errors.ts';
import type { Scene } from '../../support/scene.ts';
import { sentencesOf, shownBy, shownOnAws, wordsOnly } from '../../support/sentences.ts';

const says = sentencesOf('Errors', 'On a local emulator');

says(
  'ERR-1',
  'An error is the event message-error for send-message, edit-message and delete-message, and error for everything else.',
  async (s) => {
    for (const action of actionNames) {
      const reply = await s.chat.raw(s.ann, JSON.stringify({ action, color: 'red' }));
      const isMessage = ['send-message', 'edit-message', 'delete-message'].includes(action);
      expect([action, reply?.event]).toEqual([action, isMessage ? 'message-error' : 'error']);
    }
    expect((await s.chat.raw(s.ann, '{"action":"shout"}'))?.event).toBe('error');
    expect((await s.chat.raw(s.ann, 'no JSON'))?.event).toBe('error');
  },
);
says(
  'ERR-1',
  `Any command may get validation-failed, too-large, unauthorized, token-expired, rate-limited or internal; what else one
   may get stands beside it above.`,
  async (s) => {
    for (const action of actionNames) {
      const frame = JSON.stringify({ action });
      const dan = await s.chat.connect(`of-${action}`, 10_000);
      expect([action, await s.codeOfFrame(dan, frame.padEnd(33_000))]).toEqual([action, 'too-large']);
      expect([action, await s.codeOfFrame(dan, { action, color: 'red' })]).toEqual([action, 'validation-failed']);
      const inGrace = ['ping', 'refresh-token'].includes(action);
      s.chat.clock.advance(10_000);
      if (!inGrace) expect([action, await s.codeOfFrame(dan, frame)]).toEqual([action, 'token-expired']);
      s.chat.clock.advance(60_000);
      expect([action, await s.codeOfFrame(dan, frame)]).toEqual([action, 'silence']);
      expect(s.chat.gateway.take(dan.connectionId)[0]?.data).toMatchObject({ code: 'unauthorized' });
    }
  },
  shownBy(
    'unit/command-handler.test.ts',
    'ERR-1: a failure of ours is internal and retryable, has an id, and does not show its cause',
  ),
  shownBy('unit/sentences/error-codes.test.ts', 'every code that the page lists for an action is reached'),
);
says('ERR-1', 'A frame that names no command gets invalid-json or unknown-action.', async (s) => {
  for (const text of ['', '[]', 'null', '{']) expect(await s.codeOfFrame(s.ann, text)).toBe('invalid-json');
  for (const frame of [{}, { action: 7 }, { action: 'shout' }]) {
    expect(await s.codeOfFrame(s.ann, frame)).toBe('unknown-action');
  }
});
says('ERR-1', 'message reads "unable to <do>; <reason>".', async (s) => {
  for (const [code, reach] of Object.entries(REACHED)) {
    // A thousand sends for one sentence; every reply of every test is held to this form as well.
    if (code === 'behind') continue;
    const { message } = await reach(s, await s.group(s.bob));
    expect(message).toMatch(/^unable to [^;]+; .+[^.]$/);
  }
});
says(
  'ERR-1',
  'retryable says that the same frame may succeed later, though its sender does nothing but wait.',
  async (s) => {
    const say = async () => s.chat.command(s.ann, 'send-message', { conversationId, content: 'hi' });
    const conversationId = await s.group();
    let reply = await say();
    while (reply?.event === 'message-sent') reply = await say();
    expect(reply?.data).toMatchObject({ code: 'rate-limited', retryable: true });
    s.chat.clock.advance(Number(((reply?.data ?? {}) as { retryAfterMs?: number }).retryAfterMs));
    expect((await say())?.event).toBe('message-sent');
    const edit = { conversationId, seq: 99, content: 'x' };
    const refused = await s.chat.refusal(s.ann, 'edit-message', edit);
    s.chat.clock.advance(60_000);
    expect(refused.retryable).toBe(false);
    expect(await s.chat.refusal(s.ann, 'edit-message', edit)).toEqual(refused);
  },
);
says(
  'ERR-1',
  'Nothing of a stack trace, a table or an ARN reaches a client; the message of internal names an id that is in the log.',
  shownBy(
    'unit/command-handler.test.ts',
    'ERR-1: a failure of ours is internal and retryable, has an id, and does not show its cause',
  ),
);

says(
  'ERR-2',
  'details has at most 10 {path, message}, and never a value that the client sent.',
  shownBy('unit/command-handler.test.ts', 'ERR-2: details name at most ten faults, even for a frame with a hundred'),
  shownBy('unit/command-handler.test.ts', 'malformed frames'),
);
says(
  'ERR-2',
  'path names the field (members.0), cut to 128 characters; of an unknown field its name, cut to 64.',
  shownBy('unit/rule-details.test.ts', 'names the item of a list'),
  shownBy('unit/rule-details.test.ts', 'is cut to 128 characters, the names around an unknown field included'),
  shownBy('unit/rule-details.test.ts', 'is the name of an unknown field, cut to 64 characters'),
);
says(
  'ERR-2',
  'It is well-formed Unicode, whatever the name was.',
  shownBy('unit/rule-details.test.ts', 'is not cut within a character'),
  shownBy('unit/rule-details.test.ts', 'holds no half of a character that the client sent'),
);
says(
  'ERR-2',
  'message is in words of this protocol: "is required", "unknown field", or what the field must be.',
  shownBy('unit/rule-details.test.ts', "is in the protocol's words for every fault of %s"),
);

const SEND = 'send-message';
/** A scene that each code comes from. Where there is more than one cause, each is in the tests of its rule. */
const REACHED: Record<ErrorCode, (s: Scene, conversationId: string) => Promise<{ code: string; message: string }>> = {
  'invalid-json': (s) => refusedFrame(s, '{"action":'),
  'unknown-action': (s) => refusedFrame(s, '{"action":"shout"}'),
  'validation-failed': (s) => refusedFrame(s, '{"action":"set-status"}'),
  'too-large': (s, conversationId) => s.chat.refusal(s.ann, SEND, { conversationId, content: 'x'.repeat(4_001) }),
  unauthorized: (s) => s.chat.refusal(s.ann, 'refresh-token', { token: 'forged' }),
  'token-expired': async (s, conversationId) => {
    const dan = await s.chat.connect('dan', 1_000);
    s.chat.clock.advance(1_000);
    return s.chat.refusal(dan, 'history', { conversationId });
  },
  forbidden: (s, conversationId) => s.chat.refusal(s.bob, 'update-conversation', { conversationId, name: 'Mine' }),
  'not-joined': async (s) => s.chat.refusal(s.cid, 'history', { conversationId: await channelOf(s) }),
  'conversation-not-found': (s, conversationId) => s.chat.refusal(s.cid, 'history', { conversationId }),
  'message-not-found': (s, conversationId) => s.chat.refusal(s.ann, 'delete-message', { conversationId, seq: 99 }),
  'user-not-found': (s, conversationId) => s.chat.refusal(s.ann, 'remove-member', { conversationId, userId: 'nobody' }),
  conflict: (s, conversationId) => s.chat.refusal(s.ann, 'remove-member', { conversationId, userId: 'ann' }),
  behind: async (s, conversationId) => {
    for (let at = 0; at <= 1_000; at += 1) {
      s.chat.clock.advance(200);
      await s.say(s.ann, conversationId);
    }
    return s.chat.refusal(s.ann, SEND, { conversationId, content: 'hi', clientMessageId: 'm', after: 0 });
  },
  'rate-limited': async (s) => {
    const { cid } = s;
    for (let at = 0; at < 50; at += 1) await s.chat.ask(cid, 'ping', {});
    return s.chat.refusal(cid, 'ping', {});
  },
  internal: async (s, conversationId) => {
    const { head } = s.chat.stores.log;
    s.chat.stores.log.head = async () => Promise.reject(new Error('broken'));
    const refused = await s.chat.refusal(s.ann, 'mark', { conversationId, readSeq: 1 });
    s.chat.stores.log.head = head;
    return refused;
  },
};

for (const [code, { when, retryable, client }] of Object.entries(ERROR_CODES)) {
  says('ERR-2', `${code} | ${when} | ${retryable ? 'yes' : '–'} | ${client}`, async (s) => {
    const refused = await REACHED[code as ErrorCode](s, await s.group(s.bob));
    expect(refused).toMatchObject({ code, retryable });
    const sendsAgain = /sends again/.test(client);
    if (retryable) expect(sendsAgain).toBe(true);
  });
}

says('On a local emulator', 'Three things differ from AWS.', wordsOnly('the three sentences after it say which'));
says(
  'On a local emulator',
  'A requested subprotocol is not answered, so use ?token= there.',
  shownBy('e2e/handshake.test.ts', 'CONN-1: a token is accepted in a header and in the query'),
  shownOnAws('Subprotocols are answered.'),
);
says(
  'On a local emulator',
  'A refused handshake is 403, whatever the reason.',
  shownBy(
    'e2e/handshake.test.ts',
    'CONN-1: is refused without a token, with two, or with one that is not marked as one',
  ),
);
says(
  'On a local emulator',
  'A frame over ENV-1 gets too-large instead of the close 1009.',
  shownBy('e2e/malformed-frames.test.ts', 'is refused with the right error, and the connection stays open'),
  shownOnAws('A frame that is too large'),
);

async function refusedFrame(s: Scene, text: string): Promise<{ code: string; message: string }> {
  return (await s.chat.raw(s.ann, text))?.data as { code: string; message: string };
}

async function channelOf(s: Scene): Promise<string> {
  return (await s.chat.ask(s.ann, 'create-conversation', { kind: 'channel' })).conversationId;
}
