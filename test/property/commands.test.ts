import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Role } from '../../shared/protocol/identifiers.ts';
import { Chat, type ChatOptions } from '../support/chat.ts';
import { Device } from '../support/device.ts';
import { type Expected, ModelConversation } from '../support/model.ts';
import { checkEnd } from '../support/model-check.ts';
import { runs } from './runs.ts';

const USERS = ['u0', 'u1', 'u2', 'u3', 'u4'] as const;
const EMOJIS = ['👍', '🎉', '🚀'] as const;
const ROLES: readonly Role[] = ['member', 'admin', 'owner'];
const MUTED_UNTIL = '2030-01-01T00:00:00.000Z';

const people = { who: fc.nat(4), subject: fc.nat(4), where: fc.nat(1) };
const step = fc.record({
  ...people,
  kind: fc.constantFrom(
    ...(['send', 'send', 'send', 'edit', 'erase', 'react', 'unreact', 'mark', 'join', 'join', 'leave'] as const),
    ...([
      'add',
      'remove',
      'ban',
      'unban',
      'mute',
      'unmute',
      'role',
      'rename',
      'reconnect',
      'vanish',
      'pump',
      'pump',
    ] as const),
  ),
  /** How far below the newest entry the target is, if the step has one. */
  back: fc.nat(8),
  pick: fc.nat(2),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type CommandArguments = Parameters<Chat['command']> extends [unknown, ...infer Rest] ? Rest : never;

interface World {
  readonly chat: Chat;
  readonly devices: readonly Device[];
  readonly places: readonly { readonly id: string; readonly model: ModelConversation }[];
}

async function createWorld(seed: number, loss: number, broken?: ChatOptions['broken']): Promise<World> {
  const chat = new Chat({ seed, ...(broken && { broken }), faults: { reorder: true, duplicate: 0.2 } });
  chat.gateway.verdict = (connectionId) =>
    chat.gateway.open.has(connectionId) && chat.deps.random() < loss ? 'lost' : undefined;
  const devices = await Promise.all(USERS.map((userId) => Device.open(chat, userId)));
  const creator = (devices[0] as Device).client;
  const group = await chat.ask(creator, 'create-conversation', { kind: 'group', members: ['u1', 'u2'] });
  const channel = await chat.ask(creator, 'create-conversation', { kind: 'channel', conversationId: 'general' });
  const models = [new ModelConversation('group', 'u0', ['u1', 'u2']), new ModelConversation('channel', 'u0', [])];
  const ids = [group.conversationId, channel.conversationId];
  return { chat, devices, places: ids.map((id, index) => ({ id, model: models[index] as ModelConversation })) };
}

/** Takes a step on the model and on the chat, which must agree on the outcome. */
async function take(
  { chat, devices, places }: World,
  { who, subject: whom, where, kind, back, pick }: Step,
): Promise<void> {
  const device = devices[who] as Device;
  const { client, userId: me } = device;
  const subject = USERS[whom] as string;
  const { id: conversationId, model } = places[where] as World['places'][number];
  const seq = Math.max(1, model.head - back);
  const emoji = EMOJIS[pick] as string;
  const role = ROLES[pick] as Role;
  const text = `${kind} ${pick}`;
  chat.clock.advance(1_000);

  const agree = async (expected: Expected, ...[action, fields]: CommandArguments) => {
    const reply = await chat.command(client, action, fields);
    const { code, unchanged } = (reply?.data ?? {}) as { code?: string; unchanged?: true };
    expect(code ?? (unchanged ? 'unchanged' : 'ok')).toBe(expected);
    if (reply) device.takeReply(reply);
  };
  const about = { conversationId, userId: subject };
  switch (kind) {
    case 'send':
      return agree(model.send(me, text), 'send-message', { conversationId, content: text });
    case 'edit': {
      const mentions = [undefined, [], [subject]][back % 3];
      const edit = { conversationId, seq, content: text, ...(mentions && { mentions }) };
      return agree(model.edit(me, seq, text, mentions), 'edit-message', edit);
    }
    case 'erase':
      return agree(model.erase(me, seq), 'delete-message', { conversationId, seq });
    case 'react':
      return agree(model.react(me, seq, emoji, true), 'add-reaction', { conversationId, seq, emoji });
    case 'unreact':
      return agree(model.react(me, seq, emoji, false), 'remove-reaction', { conversationId, seq, emoji });
    case 'mark':
      await agree(model.mark(me, seq), 'mark', { conversationId, readSeq: seq });
      if (typeof model.enter(me) === 'string') return;
      // READ-2: what a mark says that does not move.
      expect(await chat.ask(client, 'mark', { conversationId, readSeq: 0 })).toMatchObject(model.unread(me).told);
      return;
    case 'add':
      return agree(model.add(me, subject, role), 'add-member', { ...about, role });
    case 'remove':
      return agree(model.remove(me, subject), 'remove-member', about);
    case 'ban':
    case 'unban':
      return agree(model.ban(me, subject, kind === 'ban'), 'update-member', { ...about, banned: kind === 'ban' });
    case 'mute':
    case 'unmute': {
      const mutedUntil = kind === 'mute' ? MUTED_UNTIL : null;
      return agree(model.mute(me, subject, kind === 'mute'), 'update-member', { ...about, mutedUntil });
    }
    case 'role':
      return agree(model.giveRole(me, subject, role), 'update-member', { ...about, role });
    case 'rename':
      return agree(model.rename(me, text), 'update-conversation', { conversationId, name: text });
    case 'join': {
      const expected = model.join(me);
      const refused = await device.join(conversationId);
      expect((refused?.data as { code?: string } | undefined)?.code ?? 'ok').toBe(expected);
      return;
    }
    case 'leave':
      return device.leave(conversationId);
    case 'reconnect':
    case 'vanish':
      // A user who was removed from a channel meanwhile becomes a member again by rejoining it.
      for (const place of places) if (device.copies.has(place.id)) place.model.join(me);
      return device.reconnect(kind === 'vanish' ? 'silently' : 'told');
    case 'pump':
      await chat.pump();
      for (const each of devices) each.takeIn();
  }
}

function agrees(broken?: ChatOptions['broken']) {
  const steps = fc.array(step, { minLength: 20, maxLength: 80 });
  return fc.asyncProperty(fc.integer(), fc.constantFrom(0, 0.3), steps, async (seed, loss, taken) => {
    const world = await createWorld(seed, loss, broken);
    for (const one of taken) await take(world, one);
    world.chat.gateway.verdict = () => undefined;
    await checkEnd(world);
  });
}

/** The fault: a removal leaves the subscriptions as they are. */
const unsubscribesNobody: ChatOptions['broken'] = (stores) => ({
  ...stores,
  connections: { ...stores.connections, unsubscribe: async () => 'unsubscribed' },
});

describe('any sequence of commands, with a delivery that loses, repeats and reorders', () => {
  test('does what a plain model says, and every copy ends equal to the log', async () => {
    await fc.assert(agrees(), runs(200));
  });

  test('MEMB-3: fails if a removal unsubscribes nobody', async () => {
    await expect(fc.assert(agrees(unsubscribesNobody), { ...runs(400), endOnFailure: true })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('of a room not joined') },
    });
  });
});
