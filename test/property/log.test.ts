import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { toFrame } from '../../shared/domain/entry-frame.ts';
import type { EntryFrame } from '../../shared/protocol/entries.ts';
import { Chat, type Client } from '../support/chat.ts';
import { createGroup } from '../support/groups.ts';
import { readBackwards } from '../support/model-check.ts';
import { ReferenceLog } from '../support/reference-log.ts';
import { runs } from './runs.ts';

const EMOJIS = ['👍', '🎉', '🚀', '🐙'] as const;

const change = fc.record({
  who: fc.nat(2),
  kind: fc.constantFrom('send', 'send', 'sendLong', 'edit', 'editLong', 'erase', 'react', 'unreact', 'read', 'join'),
  back: fc.nat(6),
  pick: fc.nat(3),
});
type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

interface Scene {
  readonly chat: Chat;
  readonly conversationId: string;
  readonly clients: readonly Client[];
}

async function scene(): Promise<Scene> {
  const chat = new Chat();
  const clients = [await chat.connect('u0'), await chat.connect('u1'), await chat.connect('u2')];
  const conversationId = await createGroup(chat, ...(clients as [Client, Client, Client]));
  return { chat, conversationId, clients };
}

function log({ chat, conversationId }: Scene) {
  return chat.stores.state.log(conversationId).current;
}

/** Takes one step that may change the log. It may be refused. */
async function act({ chat, conversationId, clients }: Scene, { who, kind, back, pick }: Change): Promise<void> {
  const client = clients[who] as Client;
  const seq = Math.max(1, chat.stores.state.log(conversationId).current.length - back);
  const emoji = EMOJIS[pick] as string;
  const content = kind.endsWith('Long') ? '🐙'.repeat(1_000 * (pick + 1)) : `${kind} ${pick}`;
  chat.clock.advance(1_000);
  if (kind.startsWith('send')) await chat.command(client, 'send-message', { conversationId, content });
  if (kind.startsWith('edit')) {
    const mentions = [undefined, [], ['u0'], ['u1', 'u2']][(seq + back) % 4];
    await chat.command(client, 'edit-message', { conversationId, seq, content, ...(mentions && { mentions }) });
  }
  if (kind === 'erase') await chat.command(client, 'delete-message', { conversationId, seq });
  if (kind === 'react') await chat.command(client, 'add-reaction', { conversationId, seq, emoji });
  if (kind === 'unreact') await chat.command(client, 'remove-reaction', { conversationId, seq, emoji });
}

/** A copy that starts from a page read now. */
async function copyNow({ chat, conversationId, clients }: Scene, { who, kind, pick }: Change): Promise<ReferenceLog> {
  const client = clients[who] as Client;
  const copy = new ReferenceLog(client.userId);
  const page =
    kind === 'join'
      ? await chat.ask(client, 'join', { conversationId })
      : await chat.ask(client, 'history', { conversationId, limit: 1 + pick * 4 });
  copy.restart(page.entries as EntryFrame[], page.head);
  return copy;
}

describe('a page and the entries after it', () => {
  test('LOG-1, LOG-2: a page with the later entries applied shows what a fresh page shows', async () => {
    const property = fc.asyncProperty(
      fc.array(change, { minLength: 5, maxLength: 50 }),
      fc.boolean(),
      async (changes, late) => {
        const at = await scene();
        const copies: { copy: ReferenceLog; viewer: Client }[] = [];
        const pushed: EntryFrame[] = [];
        for (const one of changes) {
          if (one.kind === 'read' || one.kind === 'join') {
            copies.push({ copy: await copyNow(at, one), viewer: at.clients[one.who] as Client });
          } else await act(at, one);
          // An entry as it was pushed differs from the same entry read later (EDIT-2): both must end the same.
          pushed.push(
            ...log(at)
              .slice(pushed.length)
              .map((entry) => toFrame(entry)),
          );
        }
        const fresh = await Promise.all(at.clients.map((client) => freshList(at, client)));
        for (const { copy, viewer } of copies) {
          const read = late ? await readBackwards(at.chat, viewer, at.conversationId) : pushed;
          for (const entry of read.filter(({ data }) => data.seq > copy.position)) copy.receive(entry);
          const from = copy.list()[0]?.seq ?? Number.POSITIVE_INFINITY;
          const list = fresh[at.clients.indexOf(viewer)] ?? [];
          assert.deepEqual(
            copy.list(),
            list.filter(({ seq }) => seq >= from),
          );
        }
      },
    );
    await fc.assert(property, runs(150));
  });

  test('PAGE-1: following hasMore skips nothing in either direction, whatever the limit and the sizes', async () => {
    const property = fc.asyncProperty(
      fc.array(change, { maxLength: 40 }),
      fc.integer({ min: 1, max: 100 }),
      async (changes, limit) => {
        const at = await scene();
        for (const one of changes) await act(at, one);
        const seqs = log(at).map(({ seq }) => seq);
        const client = at.clients[0] as Client;
        const backwards = await readBackwards(at.chat, client, at.conversationId, limit);
        const forwards = await readForwards(at, client, limit);
        assert.deepEqual(
          backwards.map(({ data }) => data.seq),
          seqs,
        );
        assert.deepEqual(
          forwards.map(({ data }) => data.seq),
          seqs,
        );
      },
    );
    await fc.assert(property, runs(80));
  });

  test('EDIT-2: no text is left that was edited away or deleted, and at most one edit holds a text', async () => {
    const property = fc.asyncProperty(fc.array(change, { minLength: 10, maxLength: 40 }), async (changes) => {
      const at = await scene();
      for (const one of changes) await act(at, one);
      const entries = log(at);
      for (const entry of entries) {
        if (entry.kind !== 'receive-message') continue;
        const edits = entries.filter((edit) => edit.kind === 'message-updated' && edit.targetSeq === entry.seq);
        const holding = edits.filter(
          (edit) => edit.kind === 'message-updated' && (edit.content !== undefined || (edit.mentions?.length ?? 0) > 0),
        );
        assert.deepEqual(
          holding.map(({ seq }) => seq),
          entry.editSeq === undefined ? [] : [entry.editSeq],
        );
        if (entry.deletedAt !== undefined) assert.equal(entry.content ?? entry.editSeq, undefined);
      }
    });
    await fc.assert(property, runs(80));
  });
});

async function readForwards({ chat, conversationId }: Scene, client: Client, limit: number): Promise<EntryFrame[]> {
  const entries: EntryFrame[] = [];
  for (let more = true; more; ) {
    const page = await chat.ask(client, 'history', { conversationId, limit, after: entries.at(-1)?.data.seq ?? 0 });
    entries.push(...(page.entries as EntryFrame[]));
    more = page.hasMore;
  }
  return entries;
}

/** All messages as this viewer would read them now. */
async function freshList({ chat, conversationId }: Scene, client: Client) {
  const entries = await readBackwards(chat, client, conversationId);
  return entries.flatMap(({ event, data }) => (event === 'receive-message' ? [data] : []));
}
