import { describe, expect, it } from 'vitest';
import { LogView } from '../../client/src/log/log-view.ts';
import type { EntryFrame, Message } from '../../client/src/protocol.ts';

const at = '2026-11-22T12:00:00.000Z';

/** The entry of a new message. */
function message(seq: number, changes: Partial<Message> = {}): Extract<EntryFrame, { event: 'receive-message' }> {
  const common = { conversationId: 'c', senderId: 'bob', type: 'text' as const, createdAt: at };
  return {
    event: 'receive-message',
    data: { ...common, seq, n: seq, rev: seq, content: `m${seq}`, reactions: [], ...changes },
  };
}

function edit(seq: number, targetSeq: number, content?: string, mentions?: string[]): EntryFrame {
  const data = { conversationId: 'c', seq, at, n: 1, targetSeq, updatedBy: 'bob', ...(mentions && { mentions }) };
  return { event: 'message-updated', data: content === undefined ? data : { ...data, content } };
}

function deletion(seq: number, targetSeq: number): EntryFrame {
  return { event: 'message-deleted', data: { conversationId: 'c', seq, at, n: 1, targetSeq, deletedBy: 'bob' } };
}

function reaction(
  seq: number,
  targetSeq: number,
  userId: string,
  count: number,
  event: 'reaction-added' | 'reaction-removed' = 'reaction-added',
) {
  return { event, data: { conversationId: 'c', seq, at, n: 1, targetSeq, emoji: '👍', userId, count } } as EntryFrame;
}

function viewOf(entries: EntryFrame[] = [], head = entries.at(-1)?.data.seq ?? 0, hasOlder = false): LogView {
  const view = new LogView(() => 'ann');
  view.open(entries, head, hasOlder);
  return view;
}

function contents(view: LogView) {
  return view.messages().map(({ content }) => content);
}
function seqs(entries: EntryFrame[]) {
  return entries.map(({ data }) => data.seq);
}

describe('the copy of a log', () => {
  it('LOG-5: applies the next seq, drops what it has seen, and keeps what comes early', () => {
    const view = viewOf([message(1)]);
    expect(seqs(view.receive(message(3)))).toEqual([]);
    expect([view.behind, contents(view)]).toEqual([true, ['m1']]);
    expect(seqs(view.receive(message(2)))).toEqual([2, 3]);
    expect(seqs(view.receive(message(2)))).toEqual([]);
    expect([view.behind, view.position, contents(view)]).toEqual([false, 3, ['m1', 'm2', 'm3']]);
  });

  it('EDIT-1: a forward that is deleted loses where it came from, with all else that it said', () => {
    const forwardedFrom = { conversationId: 'general', seq: 7, senderId: 'eve' };
    const view = viewOf([message(1, { forwardedFrom, mentions: ['ann'], replyTo: 1, clientMessageId: 'a' })]);
    view.receive(deletion(2, 1));
    expect(view.messages()).toEqual([
      {
        ...{ conversationId: 'c', seq: 1, senderId: 'bob', type: 'text', clientMessageId: 'a', createdAt: at },
        ...{ n: 1, rev: 2, deletedAt: at, reactions: [] },
      },
    ]);
  });

  it('LOG-5: shows the user’s own message once it is acknowledged, and reports no gap for it', () => {
    const view = viewOf([message(1)]);
    view.receive(message(4, { senderId: 'ann' }), true);
    expect([view.behind, view.position, view.knownHead, contents(view)]).toEqual([false, 1, 4, ['m1', 'm4']]);
    expect(seqs(view.extend([message(2), message(3)]))).toEqual([2, 3, 4]);
    expect(contents(view)).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  it('LOG-5: shows the user’s own change at once, even if earlier entries are missing', () => {
    const view = viewOf([message(1)]);
    view.receive(edit(3, 1, 'mine'), true);
    expect(contents(view)).toEqual(['mine']);
    view.receive(edit(2, 1, 'theirs'));
    expect([contents(view), view.position]).toEqual([['mine'], 3]);
  });

  it('EDIT-1: an edit without mentions keeps them, with a list replaces them, with an empty one takes them away', () => {
    const view = viewOf([message(1, { mentions: ['ann'] })]);
    const mentions = () => view.messages()[0]?.mentions;
    view.receive(edit(2, 1, 'x'));
    expect(mentions()).toEqual(['ann']);
    view.receive(edit(3, 1, 'y', ['cid']));
    expect(mentions()).toEqual(['cid']);
    view.receive(edit(4, 1, undefined, []));
    expect(mentions()).toEqual(['cid']);
    view.receive(edit(5, 1, 'z', []));
    expect(view.messages()[0]).not.toHaveProperty('mentions');
  });

  it('LOG-4: a change that is already in the message only moves the position', () => {
    const view = viewOf([message(1, { rev: 3, content: 'last' })], 1);
    view.extend([edit(2, 1, 'older'), edit(3, 1, 'last')]);
    view.receive(edit(4, 1, 'newer'));
    expect([contents(view), view.position]).toEqual([['newer'], 4]);
    const early = viewOf([message(1, { rev: 3, content: 'last' })], 1);
    early.receive(edit(2, 1, 'older'));
    expect([contents(early), early.position]).toEqual([['last'], 2]);
  });

  it('LOG-4: a change of a message that is not loaded only moves the position', () => {
    const view = viewOf([message(5)], 5, true);
    view.receive(edit(6, 2, 'unseen'));
    view.prepend([message(2), message(3), message(4)], true);
    expect([contents(view), view.position]).toEqual([['m2', 'm3', 'm4', 'm5'], 6]);
  });

  it('LOG-4: a change that comes while a page is fetched is applied to the page, unless the page has it', () => {
    const view = viewOf([message(5)], 5, true);
    view.beginFetch();
    view.receive(edit(6, 2, 'edited meanwhile'));
    view.receive(edit(7, 3, 'known'));
    view.prepend([message(2), message(3, { rev: 9, content: 'newer still' }), message(4)], true);
    view.endFetch();
    expect(contents(view)).toEqual(['edited meanwhile', 'newer still', 'm4', 'm5']);
  });

  it('LOG-4: the state with the higher rev wins if a message comes in two states', () => {
    const view = viewOf([message(1), message(2)]);
    view.receive(message(1, { rev: 5, content: 'later' }), true);
    view.receive(message(1, { rev: 4, content: 'earlier' }));
    expect(contents(view)).toEqual(['later', 'm2']);
  });

  it('EDIT-2: an edit replayed without its text only moves the position', () => {
    const view = viewOf([message(1)]);
    view.extend([edit(2, 1), edit(3, 1, 'second')]);
    expect(view.messages()).toMatchObject([{ content: 'second', rev: 3, editedAt: at }]);
  });

  it('EDIT-1: a deleted message keeps its place and loses everything else', () => {
    const full = {
      clientMessageId: 'x',
      replyTo: 1,
      mentions: ['ann'],
      reactions: [{ emoji: '👍', count: 1, mine: true }],
    };
    const view = viewOf([message(1), message(2, full), deletion(3, 2)]);
    const { conversationId, seq, senderId, type, createdAt, n } = message(2).data;
    const kept = { conversationId, seq, senderId, type, createdAt, n, clientMessageId: 'x' };
    expect(view.messages()[1]).toEqual({ ...kept, rev: 3, deletedAt: at, reactions: [] });
  });

  it('takes the counts of reactions from the entries, and knows the user’s own', () => {
    const view = viewOf([message(1), reaction(2, 1, 'bob', 1), reaction(3, 1, 'ann', 2)]);
    expect(view.messages()[0]?.reactions).toEqual([{ emoji: '👍', count: 2, mine: true }]);
    view.receive(reaction(4, 1, 'bob', 1, 'reaction-removed'));
    expect(view.messages()[0]?.reactions).toEqual([{ emoji: '👍', count: 1, mine: true }]);
    view.receive(reaction(5, 1, 'ann', 0, 'reaction-removed'));
    expect(view.messages()[0]?.reactions).toEqual([]);
  });

  it('keeps pushes that come before the first page, and announces those that follow it', () => {
    const view = new LogView(() => 'ann');
    view.receive(message(2));
    view.receive(message(3));
    expect(seqs(view.open([message(1), message(2)], 2, false))).toEqual([3]);
    expect(contents(view)).toEqual(['m1', 'm2', 'm3']);
  });

  it('ignores an older page that does not end where the copy begins', () => {
    const view = viewOf([message(5)], 5, true);
    expect(view.prepend([message(2), message(3)], true)).toEqual([]);
    expect([view.base, contents(view)]).toEqual([4, ['m5']]);
  });

  it('an entry of an unknown kind takes its place and leaves no gap', () => {
    const view = viewOf([message(1)]);
    view.receive({
      event: 'poll-opened',
      data: { conversationId: 'c', seq: 2, at, n: 1, targetSeq: 1 },
    } as unknown as EntryFrame);
    view.receive(message(3));
    expect([view.position, contents(view)]).toEqual([3, ['m1', 'm3']]);
  });

  it('says how many messages there were at a seq', () => {
    const view = viewOf([message(5, { n: 3 }), edit(6, 5, 'x'), message(7, { n: 4 })], 7, true);
    expect([0, 3, 4, 5, 6, 7, 8].map((seq) => view.nAt(seq))).toEqual([0, undefined, 2, 3, 3, 4, undefined]);
  });

  it('drops the oldest messages beyond its limit; they can be loaded again', () => {
    const entries = Array.from({ length: 25 }, (_, index) => message(index + 1));
    const view = viewOf(entries);
    view.trim(20);
    expect([view.base, view.messages().length]).toEqual([5, 20]);
    expect(view.prepend(entries.slice(0, 5), false)).toHaveLength(5);
    expect([view.base, view.messages().length]).toEqual([0, 25]);
  });

  it('drops none before there is a tenth too many', () => {
    const held = [22, 23].map((count) => {
      const view = viewOf(Array.from({ length: count }, (_, index) => message(index + 1)));
      view.trim(20);
      return view.messages().length;
    });
    expect(held).toEqual([22, 20]);
  });

  it('a page without entries ends the log, whatever it says of more', () => {
    const view = viewOf([message(3)], 3, true);
    expect([view.base, view.prepend([], true), view.base]).toEqual([2, [], 0]);
  });

  it('LOG-4: an early message keeps the state with the higher rev, whichever came first', () => {
    for (const revs of [
      [9, 3],
      [3, 9],
    ]) {
      const view = viewOf([message(1)]);
      for (const rev of revs) view.receive(message(3, { rev, content: `rev ${rev}` }));
      view.receive(message(2));
      expect(contents(view)).toEqual(['m1', 'm2', 'rev 9']);
    }
  });

  it('returns the same array until something changes', () => {
    const view = viewOf([message(1)]);
    const before = view.messages();
    view.receive(message(1));
    expect(view.messages()).toBe(before);
    view.receive(message(2));
    expect(view.messages()).not.toBe(before);
  });
});
