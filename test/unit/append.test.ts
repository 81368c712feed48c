import { describe, expect, test } from 'vitest';
import { type Draft, numberDraft } from '../../shared/domain/draft.ts';
import { toFrame } from '../../shared/domain/entry-frame.ts';
import { logTail } from '../../shared/domain/log-tail.ts';
import { jsonBytes } from '../../shared/protocol/frames.ts';
import { BEHIND_MAX_ENTRIES } from '../../shared/protocol/limits.ts';
import { Chat, type Client } from '../support/chat.ts';
import { createGroup } from '../support/groups.ts';
import type { MemoryOptions } from '../support/memory-stores.ts';

interface Scene {
  readonly chat: Chat;
  readonly conversationId: string;
  readonly owner: Client;
  readonly member: Client;
  /** Sends as the member. `fields` are sent along with the content. */
  readonly send: (content: string, fields?: object) => ReturnType<Chat['ask']>;
}

type Hooks = { -readonly [K in keyof MemoryOptions]: MemoryOptions[K] };

/** A group of two. `hooks` may be changed while the test runs. */
async function scene(hooks: Hooks = {}): Promise<Scene> {
  const chat = new Chat({
    memory: {
      before: async (call) => hooks.before?.(call),
      after: async (call) => hooks.after?.(call),
      lag: (read, key) => hooks.lag?.(read, key) ?? 0,
    },
  });
  const [owner, member] = [await chat.connect('olga'), await chat.connect('mia')];
  const conversationId = await createGroup(chat, owner, member);
  const send = (content: string, fields: object = {}) =>
    chat.ask(member, 'send-message', { conversationId, content, ...fields });
  return { chat, conversationId, owner, member, send };
}

function log({ chat, conversationId }: Scene) {
  return chat.stores.state.log(conversationId).current;
}
function texts(at: Scene) {
  return log(at).map((entry) => (entry.kind === 'receive-message' ? entry.content : entry.kind));
}

describe('append', () => {
  test('LOG-1: numbers entries without a gap, however stale the tail that was read', async () => {
    const hooks: Hooks = {};
    const at = await scene(hooks);
    for (const [index, lag] of [0, 1, 3, 2, 0, 5].entries()) {
      hooks.lag = () => lag;
      await at.send(`m${index + 1}`);
    }
    expect(texts(at)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
    expect(log(at).map(({ seq, n }) => [seq, n])).toEqual([1, 2, 3, 4, 5, 6].map((seq) => [seq, seq]));
  });

  test('the newest message can be changed even if a stale tail does not show it', async () => {
    const hooks: Hooks = {};
    const at = await scene(hooks);
    await at.send('newest');
    hooks.lag = () => 1;
    const { conversationId, chat, owner, member } = at;
    await chat.ask(owner, 'add-reaction', { conversationId, seq: 1, emoji: '👍' });
    await chat.ask(member, 'edit-message', { conversationId, seq: 1, content: 'edited' });
    await chat.ask(member, 'delete-message', { conversationId, seq: 1 });
    expect(log(at)[0]).toMatchObject({ rev: 4, reactions: [] });
  });

  test('decides again after each lost race, starting from the winner', async () => {
    const hooks: Hooks = {};
    const at = await scene(hooks);
    let rivals = 3;
    hooks.before = async ({ operation }) => {
      if (operation !== 'append' || rivals === 0) return;
      rivals -= 1;
      const before = hooks.before;
      delete hooks.before;
      await at.chat.ask(at.owner, 'send-message', { conversationId: at.conversationId, content: `rival ${rivals}` });
      if (before) hooks.before = before;
    };
    expect(await at.send('mine')).toMatchObject({ seq: 4, n: 4 });
    expect(texts(at)).toEqual(['rival 2', 'rival 1', 'rival 0', 'mine']);
  });

  test('asks the client to wait after too many lost races, and writes nothing', async () => {
    let tried = 0;
    const append = async () => {
      tried += 1;
      return { committed: false } as const;
    };
    const crowded = new Chat({
      random: () => 0.5,
      broken: (stores) => ({ ...stores, log: { ...stores.log, append } }),
    });
    const owner = await crowded.connect('olga');
    const { conversationId: busy } = await crowded.ask(owner, 'create-conversation', { kind: 'group' });
    const started = crowded.clock.now();
    const error = await crowded.refusal(owner, 'send-message', { conversationId: busy, content: 'hi' });
    expect(error).toMatchObject({ code: 'rate-limited', retryable: true, retryAfterMs: 400 });
    // Half of 10, 20, 40, 80, 160, 320 ms, then of 400 ms five times: eleven waits between twelve attempts.
    expect(crowded.clock.now() - started).toBe(1_315);
    expect(tried).toBe(12);
    expect(crowded.stores.state.log(busy).current).toEqual([]);
  });

  test('reads after a lost race from the winner on, once, and no entry again', async () => {
    const hooks: Hooks = {};
    const at = await scene(hooks);
    for (const content of ['one', 'two']) await at.send(content);
    const reads: unknown[] = [];
    hooks.before = async ({ operation, args }) => {
      if (operation === 'read') reads.push(args[1]);
      if (operation !== 'append') return;
      hooks.before = async ({ operation, args }) => void (operation === 'read' && reads.push(args[1]));
      await at.chat.ask(at.owner, 'send-message', { conversationId: at.conversationId, content: 'rival' });
    };
    await at.send('mine');
    expect(texts(at)).toEqual(['one', 'two', 'rival', 'mine']);
    expect(reads).toEqual([{ after: 3, limit: BEHIND_MAX_ENTRIES, from: 'oldest' }]);
  });

  test('costs a read of the tail and one of the member, and of the conversation only while its log is empty', async () => {
    const hooks: Hooks = {};
    const at = await scene(hooks);
    const calls: string[] = [];
    hooks.before = async ({ operation }) => void calls.push(operation);
    await at.send('first');
    expect(calls).toEqual(['tail', 'member', 'conversation', 'append']);
    calls.length = 0;
    await at.send('second');
    expect(calls).toEqual(['tail', 'member', 'append']);
  });

  test('SEND-4: a sender who is as far behind as allowed is walked back over; one entry further is refused', async () => {
    const at = await scene();
    const total = BEHIND_MAX_ENTRIES + 30;
    for (let seq = 1; seq <= total; seq += 1) {
      at.chat.clock.advance(1_000);
      await at.send(`m${seq}`);
    }
    const { chat, conversationId, member } = at;
    const late = { conversationId, content: 'late' };
    const after = total - BEHIND_MAX_ENTRIES;
    expect(await chat.refusal(member, 'send-message', { ...late, after: after - 1 })).toMatchObject({
      ...{ code: 'behind', message: `unable to send the message; catch up first, the log is at ${total}` },
    });
    expect(await at.send('late', { after })).toMatchObject({ seq: total + 1 });
  });

  test('stores no id that the client did not give', async () => {
    const at = await scene();
    await at.send('without');
    await at.send('with', { clientMessageId: 'm1' });
    const [without, named] = log(at);
    expect(without).not.toHaveProperty('clientMessageId');
    expect(named).toMatchObject({ clientMessageId: 'm1' });
  });

  test('an entry is never older than the one before it, even if the clocks of two instances differ', async () => {
    const at = await scene();
    const { clock } = at.chat;
    const sent = clock.now();
    await at.send('first');
    clock.advance(-1_000);
    await at.send('second');
    clock.advance(5_000);
    await at.send('third');
    const times = [sent, sent, sent + 4_000].map((time) => new Date(time).toISOString());
    expect(log(at).map((entry) => entry.at)).toEqual(times);
  });

  test('too-large: an entry over 24 KiB is refused', () => {
    const author = { userId: 'u', connectionId: 'c', requestId: 'r' };
    const draft = (content: string): Draft => ({
      body: { kind: 'receive-message', rev: 0, content, reactions: [] },
      changes: () => [],
    });
    const tail = logTail([], undefined);
    const size = jsonBytes(toFrame(numberDraft('c', tail, author, draft(''), 0).entry));
    expect(() => numberDraft('c', tail, author, draft('x'.repeat(24 * 1024 - size)), 0)).not.toThrow();
    expect(() => numberDraft('c', tail, author, draft('x'.repeat(24 * 1024 - size + 1)), 0)).toThrow(
      expect.objectContaining({ code: 'too-large', message: expect.stringContaining('at most 24576 bytes') }),
    );
  });
});
