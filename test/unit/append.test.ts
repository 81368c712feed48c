import { describe, expect, test } from 'vitest';
import { createGroup } from '../support/cast.ts';
import { Chat, type Client } from '../support/chat.ts';
import type { MemoryOptions } from '../support/memory-stores.ts';

interface Scene {
  readonly chat: Chat;
  readonly conversationId: string;
  readonly owner: Client;
  readonly member: Client;
  /** Sends as the member; `fields` beside the content. */
  readonly send: (content: string, fields?: object) => ReturnType<Chat['ask']>;
}

/** A group of two. `hooks` may be changed while the test runs. */
async function scene(hooks: { -readonly [K in keyof MemoryOptions]: MemoryOptions[K] } = {}): Promise<Scene> {
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

const log = ({ chat, conversationId }: Scene) => chat.stores.state.log(conversationId).current;
const texts = (at: Scene) => log(at).map((entry) => (entry.kind === 'receive-message' ? entry.content : entry.kind));

describe('append', () => {
  test('LOG-1: numbers entries without a gap whatever a stale tail shows', async () => {
    const hooks: { lag?: NonNullable<MemoryOptions['lag']> } = {};
    const at = await scene(hooks);
    for (const [index, lag] of [0, 1, 3, 2, 0, 5].entries()) {
      hooks.lag = () => lag;
      await at.send(`m${index + 1}`);
    }
    expect(texts(at)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
    expect(log(at).map(({ seq, n }) => [seq, n])).toEqual([1, 2, 3, 4, 5, 6].map((seq) => [seq, seq]));
  });

  test('a change of the newest message succeeds although a stale tail does not show that message', async () => {
    const hooks: { lag?: NonNullable<MemoryOptions['lag']> } = {};
    const at = await scene(hooks);
    await at.send('newest');
    hooks.lag = () => 1;
    const { conversationId, chat, owner, member } = at;
    await chat.ask(owner, 'add-reaction', { conversationId, seq: 1, emoji: '👍' });
    await chat.ask(member, 'edit-message', { conversationId, seq: 1, content: 'edited' });
    await chat.ask(member, 'delete-message', { conversationId, seq: 1 });
    expect(log(at)[0]).toMatchObject({ rev: 4, reactions: [] });
  });
});
