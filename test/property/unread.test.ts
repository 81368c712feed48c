import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'vitest';
import type { Entry } from '../../shared/domain/entry.ts';
import { countUnread, mostUnread } from '../../shared/domain/unread.ts';
import { aMessage, anEntry } from '../support/stored.ts';
import { runs } from './runs.ts';

const USERS = ['ann', 'bob', 'eve'] as const;
const conversationId = 'general';

const step = fc.record({
  who: fc.constantFrom(...USERS),
  kind: fc.constantFrom('send', 'send', 'send', 'edit', 'erase', 'erase', 'react', 'mark', 'leave', 'come back'),
  pick: fc.nat(12),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Seen {
  readonly seq: number;
  readonly sender: string;
  deleted: boolean;
}

/** A log as it is stored, and beside it what people see: messages that come and go, and how far each has read. */
class Conversation {
  readonly entries: Entry[] = [];
  readonly messages: Seen[] = [];
  readonly marks = new Map(USERS.map((user) => [user as string, { readSeq: 0, readN: 0 }]));
  readonly away = new Set<string>();

  get end() {
    return { head: this.entries.length, n: this.messages.length };
  }

  take({ who, kind, pick }: Step): void {
    const place = { conversationId, seq: this.entries.length + 1 };
    const target = this.messages.at(-1 - pick);
    if (kind === 'come back') this.#comeBack(who);
    if (this.away.has(who)) return;
    switch (kind) {
      case 'send':
        this.messages.push({ seq: place.seq, sender: who, deleted: false });
        this.entries.push(aMessage({ ...place, senderId: who }));
        return;
      case 'edit':
        if (target && !target.deleted)
          this.#push(who, { kind: 'message-updated', targetSeq: target.seq, content: 'y' });
        return;
      case 'erase':
        if (!target || target.deleted) return;
        target.deleted = true;
        this.#push(who, { kind: 'message-deleted', targetSeq: target.seq });
        return;
      case 'react':
        if (target) this.#push(who, { kind: 'reaction-added', targetSeq: target.seq, emoji: '👍', count: 1 });
        return;
      case 'mark':
        this.#mark(who, Math.max(0, this.end.head - pick));
        return;
      case 'leave':
        this.away.add(who);
        this.#push(who, { kind: 'member-left', userId: who, role: 'member' });
    }
  }

  /** What somebody would count who looks at the screen. */
  unread(user: string): number {
    const { readSeq = 0 } = this.marks.get(user) ?? {};
    return this.messages.filter(({ seq, sender, deleted }) => seq > readSeq && sender !== user && !deleted).length;
  }

  #push(senderId: string, body: Parameters<typeof anEntry>[1]): void {
    this.entries.push({ ...anEntry({ conversationId, seq: this.entries.length + 1 }, body), senderId } as Entry);
  }

  #mark(user: string, seq: number): void {
    if (seq <= (this.marks.get(user)?.readSeq ?? 0)) return;
    this.marks.set(user, { readSeq: seq, readN: this.messages.filter((message) => message.seq <= seq).length });
  }

  /** MEMB-0: with everything read. */
  #comeBack(user: string): void {
    if (!this.away.delete(user)) return;
    this.#push(user, { kind: 'member-joined', userId: user, role: 'member' });
    this.#mark(user, this.end.head);
  }
}

/** The same entries as a read at another moment gives them: each message as deleted as it may be by then. */
function atAnyMoment(entries: readonly Entry[], deleted: (seq: number) => boolean): Entry[] {
  return entries.map((entry) =>
    entry.kind === 'receive-message' && deleted(entry.seq) ? { ...entry, deletedAt: entry.at } : entry,
  );
}

test('READ-2: unread is what a person would count, as of any entry, in whatever state the messages were read', () => {
  const property = fc.property(fc.array(step, { maxLength: 120 }), fc.array(fc.boolean()), (steps, states) => {
    const conversation = new Conversation();
    const before: {
      readonly user: string;
      readonly readSeq: number;
      readonly head: number;
      readonly unread: number;
    }[] = [];
    for (const one of steps) {
      conversation.take(one);
      for (const user of USERS) {
        const mark = conversation.marks.get(user) ?? { readSeq: 0, readN: 0 };
        const unread = conversation.unread(user);
        before.push({ user, readSeq: mark.readSeq, head: conversation.end.head, unread });
        assert.ok(mostUnread(mark, conversation.end) >= unread);
      }
    }
    const read = atAnyMoment(conversation.entries, (seq) => states[seq % (states.length + 1)] ?? false);
    for (const { user, readSeq, head, unread } of before) {
      assert.equal(countUnread(read.slice(readSeq, head), user), unread);
    }
  });
  fc.assert(property, runs(300));
});
