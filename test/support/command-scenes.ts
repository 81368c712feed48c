import { conversationRoom } from '../../shared/domain/connection.ts';
import { mapBounded } from '../../shared/domain/map-bounded.ts';
import {
  type Action,
  actionNames,
  actions,
  type CommandFields,
  type ReplyingAction,
} from '../../shared/protocol/actions.ts';
import { RATES } from '../../shared/protocol/limits.ts';
import { dropOrphans, settlePresence } from '../../shared/usecases/presence/settle-presence.ts';
import type { Chat, Client } from './chat.ts';
import { aMessage } from './stored.ts';

/** A group of ann (owner) and bob (member) with a few messages, both connected and joined; zoe is an outsider. */
export interface Scene {
  readonly chat: Chat;
  readonly ann: Client;
  readonly bob: Client;
  readonly zoe: Client;
  /** The group. */
  readonly group: string;
}

/** A step of a scene. Only the last one is counted. */
export type Step = (scene: Scene) => Promise<unknown>;

const TEXT = 'A message of usual length, about one hundred characters, as people write them to each other all day.';
/** The pause between commands, so that each finds its buckets full. */
const PAUSE_MS = 60_000;

export async function prepareScene(chat: Chat): Promise<Scene> {
  const [ann, bob, zoe] = [await chat.connect('ann'), await chat.connect('bob'), await chat.connect('zoe')];
  const { conversationId: group } = await chat.ask(ann, 'create-conversation', { kind: 'group', members: ['bob'] });
  await chat.ask(ann, 'join', { conversationId: group });
  await chat.ask(bob, 'join', { conversationId: group });
  for (let n = 0; n < 3; n += 1) await chat.ask(bob, 'send-message', { conversationId: group, content: TEXT });
  chat.clock.advance(PAUSE_MS);
  return { chat, ann, bob, zoe, group };
}

/** A step in which ann, or another client of the scene, sends this command. */
function command<A extends Action>(
  action: A,
  fields: (scene: Scene) => CommandFields<A>,
  by: 'ann' | 'bob' | 'zoe' = 'ann',
): Step {
  return async (scene) => {
    await scene.chat.command(scene[by], action, fields(scene));
    scene.chat.clock.advance(PAUSE_MS);
  };
}

function inGroup({ group }: Scene) {
  return { conversationId: group };
}
function first(scene: Scene) {
  return { ...inGroup(scene), seq: 1 };
}
const channel = command('create-conversation', () => ({ kind: 'channel', conversationId: 'tea' }));
function edit(content: string) {
  return command('edit-message', (scene) => ({ ...first(scene), content }), 'bob');
}
const react = command('add-reaction', (scene) => ({ ...first(scene), emoji: '👍' }));
const readAll = command('mark', (scene) => ({ ...inGroup(scene), readSeq: 3 }));
/** Ann in 25 groups, with so many messages of bob unread in each. They are put straight into the logs. */
function groups(unread: number): Step {
  return async (scene) => {
    const { chat, bob, group } = scene;
    await readAll(scene);
    const { append } = chat.deps.stores.log;
    const members = ['ann'];
    for (let n = 1; n <= 25; n += 1) {
      const made = { kind: 'group' as const, members, clientRequestId: `r${n}` };
      const conversationId = n === 25 ? group : (await chat.ask(bob, 'create-conversation', made)).conversationId;
      const read = n === 25 ? 3 : 0;
      const seqs = Array.from({ length: unread }, (_, index) => read + index + 1);
      await mapBounded(seqs, (seq) => append(aMessage({ conversationId, seq, senderId: 'bob', content: TEXT }), []));
      chat.clock.advance(PAUSE_MS);
    }
  };
}
function toBob(scene: Scene) {
  return { ...inGroup(scene), userId: 'bob' };
}

/** Empties ann's bucket of commands, and leaves no time for it to fill. */
async function withoutToken({ chat, ann }: Scene): Promise<void> {
  for (let taken = 0; taken < RATES.command.burst; taken += 1) await chat.ask(ann, 'ping', {});
}
const again = command('send-message', (scene) => ({ ...inGroup(scene), content: TEXT, clientMessageId: 'm' }));
function typing(scene: Scene) {
  return scene.chat.command(scene.ann, 'typing', { ...inGroup(scene), isTyping: true });
}

/** The first example of an action, sent by ann about bob's first message. */
function example(action: Action): Step {
  const [first] = actions[action].examples;
  if (!first) throw new Error(`${action} has no example`);
  return async (scene) => {
    const context = { conversationId: scene.group, seq: 1, position: 3, me: 'ann', other: 'bob', id: 'an-id' };
    const now = new Date(scene.chat.clock.now());
    await scene.chat.ask(scene.ann, action as ReplyingAction, first.fields({ ...context, now }) as never);
  };
}

/** What is counted, named as in docs/table.md. The commands before the last one prepare it. */
const SCENES: Record<string, readonly Step[]> = {
  'send-message': [command('send-message', (scene) => ({ ...inGroup(scene), content: TEXT }))],
  'send-message, the same again': [again, again],
  'send-message, the same again, without a token': [again, withoutToken, again],
  'send-message, with a mention and a reply': [
    command('send-message', (scene) => ({ ...inGroup(scene), content: TEXT, replyTo: 1, mentions: ['bob'] })),
  ],
  'send-message, a forward': [command('send-message', (scene) => ({ ...inGroup(scene), forward: first(scene) }))],
  'send-message, in slow mode': [
    command('update-conversation', (scene) => ({ ...inGroup(scene), slowModeSeconds: 5 })),
    command('send-message', (scene) => ({ ...inGroup(scene), content: TEXT }), 'bob'),
  ],
  'send-message, by an outsider': [command('send-message', (scene) => ({ ...inGroup(scene), content: TEXT }), 'zoe')],
  join: [readAll, command('join', inGroup)],
  'join, with some unread': [command('join', inGroup)],
  'join, a channel for the first time': [channel, command('join', () => ({ conversationId: 'tea' }), 'bob')],
  leave: [command('leave', inGroup)],
  'leave, not joined': [command('leave', inGroup, 'zoe')],
  typing: [typing],
  'typing, beyond its rate': [...Array.from({ length: RATES.typing.burst }, () => typing), typing],
  ping: [command('ping', () => ({}))],
  'ping, without a token': [withoutToken, command('ping', () => ({}))],
  'ping, with one position': [command('ping', (scene) => ({ positions: [{ ...inGroup(scene), seq: 0 }] }))],
  'create-conversation, a channel': [channel],
  'create-conversation, direct': [command('create-conversation', () => ({ kind: 'direct', members: ['bob'] }))],
  'create-conversation, the same again': [channel, channel],
  'list-conversations, one': [readAll, command('list-conversations', () => ({}))],
  'list-conversations, one with unread': [command('list-conversations', () => ({}))],
  'list-conversations, 25 with nothing unread': [groups(0), command('list-conversations', () => ({}))],
  'list-conversations, 25 with 5 entries unread': [groups(5), command('list-conversations', () => ({}))],
  'list-conversations, 25 with 50 entries unread': [groups(50), command('list-conversations', () => ({}))],
  'list-members': [command('list-members', inGroup)],
  history: [command('history', inGroup)],
  'history, after': [command('history', (scene) => ({ ...inGroup(scene), after: 1 }))],
  'history, with reactions': [react, command('history', inGroup)],
  'edit-message': [edit('once')],
  'edit-message, with a mention': [
    command('edit-message', (scene) => ({ ...first(scene), content: 'once', mentions: ['ann'] }), 'bob'),
  ],
  'edit-message, again': [edit('once'), edit('twice')],
  'delete-message': [command('delete-message', first, 'bob')],
  'delete-message, already deleted': [command('delete-message', first), command('delete-message', first)],
  'add-reaction': [react],
  'remove-reaction': [react, command('remove-reaction', (scene) => ({ ...first(scene), emoji: '👍' }))],
  mark: [command('mark', (scene) => ({ ...inGroup(scene), readSeq: 3 }))],
  'mark, with some unread after it': [command('mark', (scene) => ({ ...inGroup(scene), readSeq: 2 }))],
  'mark, nothing to raise': [readAll, command('mark', (scene) => ({ ...inGroup(scene), readSeq: 0 }))],
  'add-member': [command('add-member', (scene) => ({ ...inGroup(scene), userId: 'zoe' }))],
  'remove-member, of a user who joined on one connection': [command('remove-member', toBob)],
  'update-member, a mute': [
    command('update-member', (scene) => ({ ...toBob(scene), mutedUntil: '2030-01-01T00:00:00.000Z' })),
  ],
  'update-member, a ban of a user who joined on one connection': [
    command('update-member', (scene) => ({ ...toBob(scene), banned: true })),
  ],
  'update-conversation': [command('update-conversation', (scene) => ({ ...inGroup(scene), name: 'Tea' }))],
  'set-status, in one room': [command('set-status', () => ({ status: 'away' }))],
  'refresh-token, in one room': [command('refresh-token', () => ({ token: 'fresh' }))],
  'unknown-action': [(scene) => scene.chat.raw(scene.ann, '{"action":"dance"}')],
  handshake: [(scene) => scene.chat.connect('new')],
};

/** An action that no scene is about is counted by its first example. */
const withoutScene = actionNames.filter((action) => !Object.keys(SCENES).some((name) => name.split(',')[0] === action));

export const COUNTED: Readonly<Record<string, readonly Step[]>> = {
  ...SCENES,
  ...Object.fromEntries(withoutScene.map((action) => [action, [example(action)]])),
};

/** A look at ann's presence in the group, as `settle-presence` has it. */
async function look({ chat, group }: Scene): Promise<void> {
  const room = conversationRoom(group);
  await settlePresence(chat.deps, room, 'ann');
  await dropOrphans(chat.deps, room, 'ann');
}
const leave = command('leave', inGroup);

/** What is counted of looks at presence, named as in docs/table.md. */
export const LOOKS: Readonly<Record<string, readonly Step[]>> = {
  'a user who came': [look],
  'nothing changed': [look, look],
  'nothing changed, with a second connection': [
    look,
    async (scene) => scene.chat.ask(await scene.chat.connect('ann'), 'join', inGroup(scene)),
    look,
  ],
  'a user who went': [look, leave, look],
  'a connection that lost its row': [
    look,
    ({ chat, ann }) => chat.deps.stores.connections.forget(ann.connectionId),
    look,
  ],
};
