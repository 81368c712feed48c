import { describe, expect, it } from 'vitest';
import { createMemoryStores, type StoredChange } from '../support/memory-stores.ts';
import { aConversation, aMember, aMessage } from '../support/stored.ts';

const conversationId = 'general';
function message(seq: number) {
  return aMessage({ conversationId, seq });
}
function seqs(entries: readonly { readonly seq: number }[]) {
  return entries.map(({ seq }) => seq);
}

describe('the stores in memory', () => {
  it('do nothing before their turn, and then do everything at once', async () => {
    const turns: (() => void)[] = [];
    const { log, state } = createMemoryStores({ before: () => new Promise((resolve) => turns.push(resolve)) });
    const outcomes = Promise.all([log.append(message(1), []), log.append(message(1), [])]);
    await Promise.resolve().then(() => undefined);
    expect(state.log(conversationId).current).toEqual([]);
    turns[1]?.();
    turns[0]?.();
    expect(await outcomes).toEqual([{ committed: false, winner: message(1) }, { committed: true }]);
  });

  it('can fail before a call without doing it, and after it without an answer', async () => {
    const fail = async () => {
      throw new Error('cut off');
    };
    const before = createMemoryStores({ before: fail });
    await expect(before.log.append(message(1), [])).rejects.toThrow('cut off');
    expect(before.state.entry(conversationId, 1)).toBeUndefined();
    const after = createMemoryStores({ after: fail });
    await expect(after.log.append(message(1), [])).rejects.toThrow('cut off');
    expect(after.state.entry(conversationId, 1)).toEqual(message(1));
  });

  it('lag only where a read may be stale, and then show no gap', async () => {
    const { log, conversations } = createMemoryStores({ lag: () => 2 });
    await conversations.create(aConversation({ conversationId }), [aMember({ conversationId })]);
    for (const seq of [1, 2, 3, 4]) await log.append(message(seq), []);
    expect(seqs(await log.tail(conversationId, 25))).toEqual([1, 2]);
    expect((await log.head(conversationId))?.seq).toBe(4);
    expect(seqs((await log.read(conversationId, { limit: 9, from: 'oldest' })).entries)).toEqual([1, 2, 3, 4]);
    expect(await conversations.memberships('ann', { limit: 9 })).toEqual({ conversationIds: [] });
  });

  it('conflict with another transaction when told to', async () => {
    const { log } = createMemoryStores({ conflict: () => true });
    const reaction = { type: 'put-reaction', userId: 'ann', seq: 1, emoji: '👍' } as const;
    expect(await log.append(message(1), [reaction])).toEqual({ committed: false });
    expect(await log.append(message(1), [])).toEqual({ committed: true });
  });

  it('report every write in order, like a stream', async () => {
    const changes: StoredChange[] = [];
    const { log } = createMemoryStores({ onChange: (change) => changes.push(change) });
    await log.append(message(1), []);
    await log.append(message(2), [{ type: 'message', seq: 1, expectedRev: 1, set: { rev: 2, content: 'new' } }]);
    const edited = { ...message(1), rev: 2, content: 'new' };
    expect(changes).toEqual([
      { item: 'entry', old: undefined, next: message(1) },
      { item: 'entry', old: undefined, next: message(2) },
      { item: 'entry', old: message(1), next: edited },
    ]);
  });

  it('refuse an append that would leave a gap, and a transaction that DynamoDB would refuse', async () => {
    const { log } = createMemoryStores();
    await expect(log.append(message(2), [])).rejects.toThrow('hole');
    const reaction = { type: 'put-reaction', userId: 'ann', seq: 1, emoji: '👍' } as const;
    await expect(log.append(message(1), [reaction, reaction])).rejects.toThrow('twice');
  });

  it('return objects that cannot be changed', async () => {
    const { log } = createMemoryStores();
    await log.append(message(1), []);
    const entry = await log.entry(conversationId, 1);
    expect(() => Object.assign(entry ?? {}, { content: 'forged' })).toThrow(TypeError);
  });
});
