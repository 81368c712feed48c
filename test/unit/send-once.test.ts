import { beforeEach, describe, expect, test } from 'vitest';
import { RATES } from '../../shared/protocol/limits.ts';
import { Chat, type Client } from '../support/chat.ts';
import { createGroup, quietDown } from '../support/groups.ts';
import type { Call } from '../support/memory-stores.ts';

let chat: Chat;
let owner: Client;
let member: Client;
let conversationId: string;
let after: (call: Call) => Promise<void>;
let lag: number;

beforeEach(async () => {
  after = async () => undefined;
  lag = 0;
  chat = new Chat({ memory: { after: (call) => after(call), lag: () => lag } });
  [owner, member] = [await chat.connect('olga'), await chat.connect('mia')];
  conversationId = await createGroup(chat, owner, member);
});

const ONCE = { content: 'once', clientMessageId: 'm1' };
function send(fields: { after?: number; clientMessageId?: string } = {}) {
  return chat.ask(member, 'send-message', { conversationId, ...ONCE, ...fields });
}
function ones() {
  return chat.stores.state.log(conversationId).current.filter(({ clientMessageId }) => clientMessageId === 'm1');
}

/** Sends this many messages from somebody else, at a pace that no rate refuses. */
async function bury(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    chat.clock.advance(250);
    await chat.ask(owner, 'send-message', { conversationId, content: `other ${sent}` });
  }
}

/** The next put is done, but its answer is lost. */
function loseNextAnswer(): void {
  after = async ({ operation }) => {
    if (operation !== 'append') return;
    after = async () => undefined;
    throw new Error('the answer was lost');
  };
}

describe('SEND-3: one clientMessageId makes one message', () => {
  test('a message that is sent again is answered with the first, as a duplicate', async () => {
    const first = await send();
    expect(await send()).toEqual({ ...first, duplicate: true });
    expect(ones()).toHaveLength(1);
  });

  test('the same id from another user is another message', async () => {
    await send();
    const other = await chat.ask(owner, 'send-message', { conversationId, ...ONCE });
    expect(other).not.toHaveProperty('duplicate');
    expect(ones()).toHaveLength(2);
  });

  test('a duplicate is answered with the message as it is now: edited, reacted to, deleted', async () => {
    const { seq } = await send();
    await chat.ask(member, 'edit-message', { conversationId, seq, content: 'better' });
    await chat.ask(member, 'add-reaction', { conversationId, seq, emoji: '👍' });
    expect(await send()).toMatchObject({
      seq,
      content: 'better',
      reactions: [{ count: 1, mine: true }],
      duplicate: true,
    });
    await chat.ask(owner, 'delete-message', { conversationId, seq });
    const duplicate = await send();
    expect(duplicate).toMatchObject({ seq, reactions: [], duplicate: true, clientMessageId: 'm1' });
    expect(duplicate).not.toHaveProperty('content');
  });

  test('is guaranteed among the last 25 entries without `after`, not beyond', async () => {
    await send();
    await bury(24);
    expect(await send()).toMatchObject({ seq: 1, duplicate: true });
    await bury(1);
    expect(await send()).not.toHaveProperty('duplicate');
    expect(ones()).toHaveLength(2);
  });

  test('is guaranteed from `after` on, however deep', async () => {
    await send({ after: 0 });
    await bury(120);
    expect(await send({ after: 0 })).toMatchObject({ seq: 1, duplicate: true });
    expect(ones()).toHaveLength(1);
  });

  test('a new message costs no token of the command bucket; a search from `after` or the same again costs one', async () => {
    const charges = () =>
      JSON.stringify([...chat.stores.state.buckets].filter(([key]) => key.includes('"mia","command"')));
    const tat = () => Number(/\d{10,}/.exec(charges())?.[0] ?? chat.clock.now());
    await send({ after: 0 });
    await bury(24);
    await send({ after: 0, clientMessageId: 'other' });
    expect(charges()).toBe('[]');
    await send({ after: 0 });
    expect(tat()).toBe(chat.clock.now() + RATES.command.intervalMs);
    await bury(10);
    const before = Math.max(tat(), chat.clock.now());
    await send({ after: 0 });
    expect(tat()).toBe(before + RATES.command.intervalMs);
  });

  test('the next try finds a put whose answer was lost, at once or later, with and without `after`', async () => {
    for (const fields of [{}, { after: 0 }]) {
      loseNextAnswer();
      const clientMessageId = `lost ${JSON.stringify(fields).length}`.replace(' ', '-');
      const message = { conversationId, content: 'hi', clientMessageId, ...fields };
      expect(await chat.refusal(member, 'send-message', message)).toMatchObject({ code: 'internal', retryable: true });
      expect(await chat.ask(member, 'send-message', message)).toMatchObject({ duplicate: true });
      await bury(30);
      expect(await chat.ask(member, 'send-message', { ...message, after: 0 })).toMatchObject({ duplicate: true });
    }
    const kept = chat.stores.state.log(conversationId).current.filter(({ senderId }) => senderId === 'mia');
    expect(kept).toHaveLength(2);
  });

  test('a put that lost to its own entry has succeeded', async () => {
    const broken = new Chat({
      broken: (stores) => {
        let lost = true;
        const append: typeof stores.log.append = async (entry, changes) => {
          const outcome = await stores.log.append(entry, changes);
          if (!lost) return outcome;
          lost = false;
          return { committed: false, winner: entry };
        };
        return { ...stores, log: { ...stores.log, append } };
      },
    });
    const user = await broken.connect('olga');
    const { conversationId: id } = await broken.ask(user, 'create-conversation', { kind: 'group' });
    expect(await broken.ask(user, 'send-message', { conversationId: id, content: 'hi' })).toMatchObject({ seq: 1 });
    expect(broken.stores.state.log(id).current).toHaveLength(1);
  });

  test('a stale tail does not hide a duplicate', async () => {
    await send();
    await bury(3);
    for (lag = 1; lag <= 4; lag += 1) expect(await send()).toMatchObject({ duplicate: true });
    expect(ones()).toHaveLength(1);
  });

  test('a duplicate is not delivered again', async () => {
    await send();
    await quietDown(chat);
    await send();
    await chat.pump();
    expect(chat.gateway.take(owner.connectionId)).toEqual([]);
  });
});

describe('SEND-4: `after` only chooses where the search starts', () => {
  test.each([0, 1, 5, 999, 999_999_999_999])('after: %i leaves no gap', async (position) => {
    await bury(3);
    expect(await send({ after: position })).toMatchObject({ seq: 4 });
  });

  test('`after` more than 1,000 below the head is behind, exactly 1,000 is not', async () => {
    const [first] = [await send({ after: 0 })];
    const { state } = chat.stores;
    const entry = state.log(conversationId).current[0];
    if (!entry) throw new Error('nothing was sent');
    const filler = Array.from({ length: 999 }, (_, index) => ({
      ...entry,
      seq: index + 2,
      rev: index + 2,
      senderId: 'olga',
    }));
    state.putEntries(conversationId, filler);
    chat.clock.advance(60_000);
    expect(await send({ after: 0 })).toMatchObject({ seq: first?.seq, duplicate: true });
    await bury(1);
    expect(await chat.refusal(member, 'send-message', { conversationId, ...ONCE, after: 0 })).toMatchObject({
      code: 'behind',
    });
    expect(await send({ after: 1_001 })).not.toHaveProperty('duplicate');
  });

  test('a search through more than 1 MB is behind', async () => {
    await send({ after: 0 });
    const { state } = chat.stores;
    const entry = state.log(conversationId).current[0];
    if (!entry) throw new Error('nothing was sent');
    const content = '🐙'.repeat(4_000);
    const filler = Array.from({ length: 100 }, (_, index) => ({
      ...entry,
      content,
      seq: index + 2,
      rev: index + 2,
      senderId: 'olga',
    }));
    state.putEntries(conversationId, filler as never);
    expect(await chat.refusal(member, 'send-message', { conversationId, ...ONCE, after: 0 })).toMatchObject({
      code: 'behind',
    });
    expect(await send({ after: 90 })).not.toHaveProperty('duplicate');
  });
});
