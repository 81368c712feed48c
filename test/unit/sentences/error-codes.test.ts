import { expect, test } from 'vitest';
import { type Action, actionNames, actions, type CommandFields } from '../../../shared/protocol/actions.ts';
import type { Client } from '../../support/chat.ts';
import { Scene } from '../../support/scene.ts';

const MUTED_UNTIL = '2030-01-01T00:00:00.000Z';

/** An example's fields, for this conversation and a message that is not there. */
function fieldsOf(action: Action, conversationId: string): object {
  const now = new Date('2026-01-01T00:00:00.000Z');
  const fields = actions[action].examples[0]?.fields({
    ...{ conversationId, seq: 99, position: 0, me: 'bob', other: 'dan', id: 'one', now },
  });
  return { ...fields, conversationId };
}

/** AUTH-1 and ROLE-1: outsiders of a group and of a channel, and who is banned from a channel. */
async function playOutsiders(s: Scene, play: (client: Client, action: Action, fields: object) => Promise<void>) {
  const group = await s.group();
  const channel = await s.channel(s.bob);
  await s.chat.ask(s.ann, 'update-member', { conversationId: channel, userId: 'bob', banned: true });
  for (const action of actionNames.filter((name) => 'conversationId' in fieldsOf(name, group))) {
    await play(s.cid, action, fieldsOf(action, group));
    if (action !== 'join') await play(s.cid, action, fieldsOf(action, channel));
    await play(s.bob, action, fieldsOf(action, channel));
    s.chat.clock.advance(10_000);
  }
}

/** What members are refused for the state of the conversation, and creators for what is there already. */
async function playMembers(s: Scene, play: (client: Client, action: Action, fields: object) => Promise<void>) {
  const conversationId = await s.group(s.bob);
  const { seq } = await s.say(s.ann, conversationId);
  const gone = { conversationId, seq };
  for (const action of ['edit-message', 'delete-message', 'add-reaction', 'remove-reaction'] as const) {
    await play(s.ann, action, { ...fieldsOf(action, conversationId), seq: 99 });
  }
  await play(s.ann, 'send-message', { conversationId, content: 'hi', replyTo: 99 });
  await s.chat.ask(s.ann, 'delete-message', gone);
  await play(s.ann, 'edit-message', { ...gone, content: 'new' });
  await play(s.ann, 'add-reaction', { ...gone, emoji: '👍' });
  await play(s.ann, 'remove-reaction', { ...gone, emoji: '👍' });
  const [ann, nobody] = [
    { conversationId, userId: 'ann' },
    { conversationId, userId: 'nobody' },
  ];
  for (const subject of [ann, nobody]) {
    await play(s.ann, 'remove-member', subject);
    await play(s.ann, 'update-member', { ...subject, banned: true });
  }
  await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'bob', banned: true });
  await play(s.ann, 'add-member', { conversationId, userId: 'bob' });
  await play(s.bob, 'create-conversation', { kind: 'channel', conversationId: 'lobby' });
}

async function playCreatorWhoIsBanned(
  s: Scene,
  play: (client: Client, action: Action, fields: object) => Promise<void>,
) {
  const conversationId = 'mine';
  await s.chat.ask(s.bob, 'create-conversation', { kind: 'channel', conversationId });
  await s.chat.ask(s.ann, 'join', { conversationId });
  await s.chat.ask(s.bob, 'update-member', { conversationId, userId: 'ann', role: 'owner' });
  await s.chat.ask(s.ann, 'update-member', { conversationId, userId: 'bob', mutedUntil: MUTED_UNTIL, banned: true });
  await play(s.bob, 'create-conversation', { kind: 'channel', conversationId });
}

/** Whoever is removed from a channel while joining it is told at the end. */
async function playRemovedWhileJoining(
  s: Scene,
  play: (client: Client, action: Action, fields: object) => Promise<void>,
) {
  const { conversationId } = await s.chat.ask(s.ann, 'create-conversation', { kind: 'channel' });
  const { read } = s.chat.stores.log;
  s.chat.stores.log.read = async (...args) => {
    s.chat.stores.log.read = read;
    await s.chat.ask(s.ann, 'remove-member', { conversationId, userId: 'cid' });
    return read(...args);
  };
  await play(s.cid, 'join', { conversationId });
}

async function playFarBehind(s: Scene, play: (client: Client, action: Action, fields: object) => Promise<void>) {
  const conversationId = await s.group();
  for (let at = 0; at <= 1_000; at += 1) {
    s.chat.clock.advance(200);
    await s.say(s.ann, conversationId);
  }
  await play(s.ann, 'send-message', { conversationId, content: 'hi', clientMessageId: 'm', after: 0 });
}

test('every code that the page lists for an action is reached', async () => {
  const reached = new Set<string>();
  for (const scene of [playOutsiders, playMembers, playCreatorWhoIsBanned, playRemovedWhileJoining, playFarBehind]) {
    const s = await Scene.open();
    await scene(s, async (client, action, fields) => {
      reached.add(`${action}: ${await s.code(client, action, fields as CommandFields<Action>)}`);
    });
  }
  const listed = actionNames.flatMap((action) => actions[action].errors.map((code) => `${action}: ${code}`));
  expect(listed.filter((pair) => !reached.has(pair))).toEqual([]);
});
