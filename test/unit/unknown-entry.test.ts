import { expect, it } from 'vitest';
import type { EntryFrame } from '../../shared/protocol/entries.ts';
import { store } from '../support/fake-chat-log.ts';
import { FakeChatServer } from '../support/fake-chat-server.ts';
import { HandClock } from '../support/fake-time.ts';
import { LogCopy } from '../support/log-copy.ts';
import { ReferenceLog } from '../support/reference-log.ts';

const data = { conversationId: 'g:room', seq: 1, n: 0, at: '2026-11-25T09:00:00.000Z', targetSeq: 1 };
// Parsed, as no type of ours has such a kind.
const frame: EntryFrame = JSON.parse(JSON.stringify({ event: 'message-sealed', data }));

it.each([
  ['the copy of a log', () => new LogCopy('g:room', 'ann').receive(frame)],
  ['the reference', () => new ReferenceLog('ann').receive(frame)],
  [
    'the fake server',
    () => store(new FakeChatServer({ clock: new HandClock(), random: () => 0 }).create('g:room', ['ann']), frame),
  ],
])('%s does not pass over a kind of entry that it does not know', (_, apply) => {
  expect(apply).toThrow('its kind is unknown: {"event":"message-sealed"');
});
