import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFrames } from '../../client/console/frames.js';
import { createLog, hasGap, isEntry, reduceLog, timeline } from '../../client/console/log.js';
import { changeEntry, joinedData, messageEntry } from './console-fakes.ts';

type Log = ReturnType<typeof createLog>;
type Entry = ReturnType<typeof messageEntry> | ReturnType<typeof changeEntry>;

function entry(log: Log, arrived: Entry, own = false) {
  return reduceLog(log, { type: 'entry', entry: arrived, own });
}
function joined(entries: Entry[], head = entries.length, fields = {}) {
  return reduceLog(createLog('general', 'alice'), { type: 'joined', data: joinedData(entries, head, fields) });
}
function seqs(log: Log) {
  return timeline(log).map((item) => item.data.seq);
}
function shown(log: Log, seq: number) {
  return timeline(log).find((item) => item.data.seq === seq)?.data;
}

describe('console log', () => {
  test('LOG-5: the next seq is applied, a seen one dropped, one ahead waits for its turn', () => {
    let log = joined([messageEntry(1)]);
    log = entry(log, messageEntry(1, { content: 'again' }));
    log = entry(log, messageEntry(3));
    expect([seqs(log), hasGap(log)]).toEqual([[1], true]);
    log = entry(log, messageEntry(2));
    expect([seqs(log), hasGap(log), log.position]).toEqual([[1, 2, 3], false, 3]);
    expect(shown(log, 1).content).toBe('message 1');
  });

  test("LOG-5: one's own acknowledgement is shown at once and makes no gap", () => {
    const log = entry(joined([messageEntry(1)]), messageEntry(4, { senderId: 'alice' }), true);
    expect([seqs(log), hasGap(log), log.position]).toEqual([[1, 4], false, 1]);
  });

  test('LOG-3: message-sent is the same entry as receive-message; a reply without seq is none', () => {
    const { data } = messageEntry(2);
    expect(seqs(entry(joined([messageEntry(1)]), { event: 'message-sent', data }, true))).toEqual([1, 2]);
    expect(isEntry({ event: 'message-updated', data: { conversationId: 'general', unchanged: true } })).toBe(false);
  });

  test('JOIN-2: pushes that come before the reply to the join are kept for after it', () => {
    let log = entry(createLog('general', 'alice'), messageEntry(3));
    log = reduceLog(log, { type: 'joined', data: joinedData([messageEntry(1), messageEntry(2)], 2) });
    expect([seqs(log), log.position]).toEqual([[1, 2, 3], 3]);
  });

  test('LOG-4: a change with seq ≤ rev only moves the position', () => {
    const read = messageEntry(1, { content: 'third version', rev: 3 });
    let log = joined([read], 1);
    log = entry(log, changeEntry(2, 'message-updated', 1, { content: 'second version', updatedBy: 'bob' }));
    expect([shown(log, 1).content, log.position]).toEqual(['third version', 2]);
    log = entry(log, changeEntry(3, 'message-updated', 1, { content: 'third version', updatedBy: 'bob' }));
    log = entry(log, changeEntry(4, 'message-updated', 1, { content: 'fourth', updatedBy: 'bob' }));
    expect([shown(log, 1).content, log.position]).toEqual(['fourth', 4]);
  });

  test('LOG-4: a change to a message on a page under way is applied to that page, if it is newer', () => {
    let log = joined([messageEntry(3)], 3);
    log = reduceLog(log, { type: 'fetching' });
    log = entry(log, changeEntry(4, 'message-deleted', 1, { deletedBy: 'bob' }));
    log = entry(log, changeEntry(5, 'message-updated', 2, { content: 'new', updatedBy: 'bob' }));
    const page = { entries: [messageEntry(1), messageEntry(2, { content: 'newer still', rev: 6 })], head: 5 };
    log = reduceLog(reduceLog(log, { type: 'page', data: page }), { type: 'fetched' });
    expect(seqs(log)).toEqual([1, 2, 3]);
    expect(shown(log, 1)).toMatchObject({ deletedAt: expect.any(String), rev: 4 });
    expect(shown(log, 1)).not.toHaveProperty('content');
    expect(shown(log, 2).content).toBe('newer still');
  });

  test('EDIT-2: a superseded edit without content only moves the position', () => {
    const log = entry(joined([messageEntry(1)]), changeEntry(2, 'message-updated', 1, { updatedBy: 'bob' }));
    expect([shown(log, 1).content, log.position]).toEqual(['message 1', 2]);
  });

  test('reactions carry their count; mine is only mine', () => {
    const react = (seq: number, event: string, userId: string, count: number) =>
      changeEntry(seq, event, 1, { emoji: '👍', userId, count });
    let log = entry(joined([messageEntry(1)]), react(2, 'reaction-added', 'bob', 1));
    expect(shown(log, 1).reactions).toEqual([{ emoji: '👍', count: 1, mine: false }]);
    log = entry(log, react(3, 'reaction-added', 'alice', 2));
    expect(shown(log, 1).reactions).toEqual([{ emoji: '👍', count: 2, mine: true }]);
    log = entry(entry(log, react(4, 'reaction-removed', 'alice', 1)), react(5, 'reaction-removed', 'bob', 0));
    expect(shown(log, 1).reactions).toEqual([]);
  });

  test('a page that does not end where the copy begins is not shown: it would leave a hole', () => {
    const log = joined([messageEntry(9)], 9);
    const stray = { entries: [messageEntry(2), messageEntry(3)], head: 9 };
    expect(seqs(reduceLog(log, { type: 'page', data: stray }))).toEqual([9]);
  });

  test('ENV-3, ENV-6: a batch is unfolded, the gateway’s own frames are ignored', () => {
    const frames = [messageEntry(1), messageEntry(2)];
    expect(parseFrames(JSON.stringify({ event: 'batch', data: { frames } }))).toEqual(frames);
    expect(parseFrames('{"message":"Internal server error","connectionId":"x"}')).toEqual([]);
    expect(parseFrames('not json')).toEqual([]);
  });

  test('LOG-2: any order, any repetition, own or pushed: the same state as in order', () => {
    const change = fc.record({ kind: fc.constantFrom('send', 'edit', 'delete', 'add'), pick: fc.nat(50) });
    const plan = fc.array(change, { minLength: 1, maxLength: 25 });
    const delivery = fc.array(fc.record({ pick: fc.nat(1_000), own: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(plan, delivery, (changes, order) => {
        const entries = history(changes);
        const inOrder = entries.reduce((log, next) => entry(log, next), joined([]));
        let log = joined([]);
        for (const { pick, own } of order) log = entry(log, entries[pick % entries.length] as Entry, own);
        for (const next of entries) log = entry(log, next);
        expect(timeline(log)).toEqual(timeline(inOrder));
        expect(log.position).toBe(entries.length);
      }),
    );
  });
});

function history(changes: { kind: string; pick: number }[]): Entry[] {
  const entries: Entry[] = [];
  const alive: number[] = [];
  for (const { kind, pick } of changes) {
    const seq = entries.length + 1;
    const target = alive[pick % Math.max(1, alive.length)];
    if (kind === 'send' || target === undefined) {
      entries.push(messageEntry(seq));
      alive.push(seq);
    } else if (kind === 'edit') entries.push(changeEntry(seq, 'message-updated', target, { content: `edit ${seq}` }));
    else if (kind === 'add')
      entries.push(changeEntry(seq, 'reaction-added', target, { emoji: '🎉', userId: `u${seq}`, count: seq }));
    else {
      entries.push(changeEntry(seq, 'message-deleted', target, { deletedBy: 'bob' }));
      alive.splice(alive.indexOf(target), 1);
    }
  }
  return entries;
}
