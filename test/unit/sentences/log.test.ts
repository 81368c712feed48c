import { expect } from 'vitest';
import type { EntryFrame } from '../../../shared/protocol/entries.ts';
import { LogCopy } from '../../support/log-copy.ts';
import type { Scene } from '../../support/scene.ts';
import { sentencesOf, shownBy, shownOnAws } from '../../support/sentences.ts';

const says = sentencesOf('The log');

/** A log with an entry of every kind that a group's owner can make, on messages that are edited, deleted and reacted to. */
async function lively(s: Scene): Promise<string> {
  const conversationId = await s.group(s.bob);
  for (const client of [s.ann, s.bob, s.ann]) await s.say(client, conversationId);
  await s.chat.ask(s.ann, 'edit-message', { conversationId, seq: 1, content: 'new' });
  await s.chat.ask(s.bob, 'add-reaction', { conversationId, seq: 1, emoji: '👍' });
  await s.chat.ask(s.ann, 'edit-message', { conversationId, seq: 1, content: 'newest' });
  await s.chat.ask(s.bob, 'delete-message', { conversationId, seq: 2 });
  await s.chat.ask(s.ann, 'add-member', { conversationId, userId: 'cid' });
  await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'cid', role: 'admin' });
  await s.chat.ask(s.ann, 'remove-member', { conversationId, userId: 'cid' });
  await s.chat.ask(s.ann, 'update-conversation', { conversationId, name: 'New' });
  await s.chat.ask(s.bob, 'remove-reaction', { conversationId, seq: 1, emoji: '👍' });
  return conversationId;
}

says('LOG-1', 'seq is 1, 2, 3 … in each conversation, without gaps.', async (s) => {
  const { entries } = await s.page(s.ann, await lively(s));
  expect(entries.map(({ data }) => data.seq)).toEqual(entries.map((_, at) => at + 1));
  const other = await s.group();
  expect((await s.say(s.ann, other)).seq).toBe(1);
});
says(
  'LOG-2',
  'Applying entries in order gives the state that a fresh history shows.',
  shownBy('property/log.test.ts', 'LOG-1, LOG-2: a page with the later entries applied shows what a fresh page shows'),
  shownBy('unit/entries-applied.test.ts', 'LOG-2: %s, with %s, is applied as it is stored'),
);
says(
  'LOG-3',
  'The reply to a command that appends is the entry itself; the acting connection gets no push of it.',
  async (s) => {
    const conversationId = await s.group(s.bob);
    const replies = [
      await s.say(s.ann, conversationId),
      await s.chat.ask(s.ann, 'edit-message', { conversationId, seq: 1, content: 'new' }),
      await s.chat.ask(s.ann, 'add-reaction', { conversationId, seq: 1, emoji: '👍' }),
      await s.chat.ask(s.ann, 'update-conversation', { conversationId, name: 'New' }),
    ];
    expect((await s.heard(s.bob)).map(({ data }) => data)).toEqual(replies);
    expect(await s.heard(s.ann)).toEqual([]);
  },
);
says(
  'LOG-3',
  'Replies, pushes and pages come in any order, and enter one reducer.',
  shownBy('property/client-view.test.ts', 'ends equal to the log, with every sent message once and in order'),
  async (s) => {
    const conversationId = await s.group(s.bob);
    for (let at = 0; at < 5; at += 1) await s.say(at % 2 ? s.bob : s.ann, conversationId);
    const { entries } = await s.page(s.bob, conversationId);
    const copy = new LogCopy(conversationId, 'bob');
    for (const entry of entries.toReversed() as EntryFrame[]) copy.receive(entry);
    expect(copy.applied).toEqual([1, 2, 3, 4, 5]);
  },
);
says('LOG-4', 'A *Message* in a page shows its state when it was read.', async (s) => {
  const conversationId = await s.group(s.bob);
  const { seq } = await s.say(s.ann, conversationId);
  const before = await s.message(conversationId, seq);
  await s.chat.ask(s.ann, 'edit-message', { conversationId, seq, content: 'new' });
  await s.chat.ask(s.ann, 'add-reaction', { conversationId, seq, emoji: '👍' });
  const after = await s.message(conversationId, seq);
  expect(before).toMatchObject({ content: 'hello', rev: 1, reactions: [] });
  expect(after).toMatchObject({ content: 'new', rev: 3, reactions: [{ emoji: '👍', count: 1 }] });
});
says(
  'LOG-4',
  'A change with seq ≤ rev only moves the position.',
  shownBy('unit/client-log-view.test.ts', 'LOG-4: a change that is already in the message only moves the position'),
);
says(
  'LOG-4',
  'So does a change to a message that the client does not hold.',
  shownBy('unit/client-log-view.test.ts', 'LOG-4: a change of a message that is not loaded only moves the position'),
);
says(
  'LOG-4',
  'While a page is being fetched, such a change is kept, and applied to that page if seq > rev.',
  shownBy(
    'unit/client-log-view.test.ts',
    'LOG-4: a change that comes while a page is fetched is applied to the page, unless the page has it',
  ),
);
says(
  'LOG-5',
  "If an entry's seq is the next one, apply it.",
  shownBy(
    'unit/client-log-view.test.ts',
    'LOG-5: applies the next seq, drops what it has seen, and keeps what comes early',
  ),
);
says(
  'LOG-5',
  'If it was seen, drop it.',
  shownBy(
    'unit/client-log-view.test.ts',
    'LOG-5: applies the next seq, drops what it has seen, and keeps what comes early',
  ),
);
says(
  'LOG-5',
  'If it is ahead, wait 1.5 s plus up to 1 s of jitter, then ask history.',
  shownBy('unit/client-conversation.test.ts', 'LOG-5: waits 1.5 s to 2.5 s for missing entries, then reads them'),
);
says(
  'LOG-5',
  "A client's own acknowledgement is shown at once, and starts no timer.",
  shownBy(
    'unit/client-log-view.test.ts',
    'LOG-5: shows the user’s own message once it is acknowledged, and reports no gap for it',
  ),
);
says('LOG-6', 'epoch changes when a log is restored from a backup.', shownOnAws('Rehearse point-in-time recovery'));
says(
  'LOG-6',
  'On another epoch, or if after > head, drop the copy and join without after.',
  shownBy('unit/client-conversation.test.ts', 'LOG-6: drops its copy and joins from scratch when the epoch changes'),
  shownBy(
    'unit/reading.test.ts',
    'LOG-6: joining from beyond the head gives the head alone, so that the client drops its copy',
  ),
);
