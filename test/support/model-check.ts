import assert from 'node:assert/strict';
import type { EntryFrame, Message } from '../../shared/protocol/entries.ts';
import type { Chat, Client } from './chat.ts';
import type { Device } from './device.ts';
import type { ModelConversation } from './model.ts';

interface FinishedRun {
  readonly chat: Chat;
  readonly devices: readonly Device[];
  readonly places: readonly { readonly id: string; readonly model: ModelConversation }[];
}

/** Reads all entries, page by page from the newest. */
export async function readBackwards(
  chat: Chat,
  client: Client,
  conversationId: string,
  limit = 50,
): Promise<EntryFrame[]> {
  const entries: EntryFrame[] = [];
  for (let before: number | undefined; ; before = entries[0]?.data.seq) {
    const at = before === undefined ? {} : { before };
    const page = await chat.ask(client, 'history', { conversationId, limit, ...at });
    entries.unshift(...(page.entries as EntryFrame[]));
    if (!page.hasMore) return entries;
  }
}

/** Waits for quiet and checks that the log, the copies of it, lists, unread and presence agree with the model. */
export async function checkEnd({ chat, devices, places }: FinishedRun): Promise<void> {
  await chat.pump('quiet');
  chat.clock.advance(60_000);
  for (const device of devices) {
    device.takeIn();
    await device.resume();
    const { items } = await chat.ask(device.client, 'list-conversations', {});
    const mine = places.filter(({ model }) => typeof model.enter(device.userId) !== 'string');
    assert.deepEqual(items.map(({ conversationId }) => conversationId).sort(), mine.map(({ id }) => id).sort());
    for (const { id, model } of mine) {
      const item = items.find(({ conversationId }) => conversationId === id);
      assert.deepEqual([item?.head, item?.n], [model.head, model.messages.size]);
      const { exact, told } = model.unread(device.userId);
      assert.deepEqual({ unread: item?.unread, ...(item?.unreadAtMost && { unreadAtMost: true }) }, told);
      assert.ok(exact <= (item?.unread ?? 0));
      await checkLog(chat, device, id, model);
      await checkMembers(chat, device, id, model);
    }
  }
  checkPresence(chat);
}

async function checkLog(chat: Chat, device: Device, conversationId: string, model: ModelConversation): Promise<void> {
  const entries = await readBackwards(chat, device.client, conversationId, 7);
  assert.deepEqual(
    entries.map(({ data }) => data.seq),
    Array.from({ length: model.head }, (_, index) => index + 1),
  );
  const messages = entries.filter(({ event }) => event === 'receive-message').map(({ data }) => data as Message);
  assert.deepEqual(
    messages.map(({ seq, senderId, content, mentions = [], reactions }) => ({
      seq,
      senderId,
      content,
      mentions,
      reactions,
    })),
    described(model, device.userId),
  );
  const copy = device.copies.get(conversationId);
  if (!copy) return;
  assert.equal(copy.position, model.head);
  const from = copy.list()[0]?.seq ?? Number.POSITIVE_INFINITY;
  assert.deepEqual(
    copy.list(),
    messages.filter(({ seq }) => seq >= from),
  );
}

function described(model: ModelConversation, viewer: string) {
  return [...model.messages].map(([seq, { sender, content, mentions, reactions }]) => ({
    ...{ seq, senderId: sender, content, mentions },
    reactions: [...reactions].map(([emoji, users]) => ({ emoji, count: users.size, mine: users.has(viewer) })),
  }));
}

async function checkMembers(
  chat: Chat,
  { client, userId }: Device,
  conversationId: string,
  model: ModelConversation,
): Promise<void> {
  const { items } = await chat.ask(client, 'list-members', { conversationId });
  const staff = model.members.get(userId)?.role !== 'member';
  const shown = [...model.members].filter(([, { state }]) => state === 'active' || (staff && state === 'banned'));
  const plain = shown.map(([id, { role, state, muted }]) => ({ userId: id, role, banned: state === 'banned', muted }));
  assert.deepEqual(
    items.map(({ userId: id, role, banned = false, mutedUntil }) => ({
      userId: id,
      role,
      banned,
      muted: mutedUntil !== undefined,
    })),
    plain.sort((a, b) => (a.userId < b.userId ? -1 : 1)),
  );
}

/** PRES-1: the presence announced last is true. */
function checkPresence(chat: Chat): void {
  const { presence, subscriptions } = chat.stores.state;
  const there = new Set(
    [...subscriptions.values()].map(({ room, userId }) => JSON.stringify([room.kind, room.id, userId])),
  );
  for (const [key, { current }] of presence) assert.equal(current?.online, there.has(key), `presence of ${key}`);
}
