import { expect, test } from 'vitest';
import { isEntry } from '../../client/src/connection/frames.ts';
import { LogView } from '../../client/src/log/log-view.ts';
import { isActive } from '../../shared/domain/conversation.ts';
import { type Action, actionNames, actions } from '../../shared/protocol/actions.ts';
import { type EntryEvent, type EntryFrame, entryEvents } from '../../shared/protocol/entries.ts';
import { Chat, type Client } from '../support/chat.ts';

/**
 * LOG-2, checked for every action with its own examples: a copy that starts from the first page and applies what
 * comes shows the same as a fresh page. Each scene is a group with ann (owner) and bob, and one message from ann.
 */
const SCENES = {
  'a member, and a plain message': { other: 'bob', reacted: false },
  'an outsider, and a message that has a reaction': { other: 'zoe', reacted: true },
} as const;

type Scene = (typeof SCENES)[keyof typeof SCENES];

/** The copy that a client of `viewer` holds. A command's reply and its pushes carry the same entries (LOG-3). */
class Copy {
  readonly #view: LogView;
  readonly #chat: Chat;
  readonly #viewer: Client;
  readonly #conversationId: string;

  constructor(chat: Chat, viewer: Client, conversationId: string) {
    this.#chat = chat;
    this.#viewer = viewer;
    this.#conversationId = conversationId;
    this.#view = new LogView(() => viewer.userId);
  }

  async open(): Promise<void> {
    const page = await this.#page();
    this.#view.open(page.entries, page.head, false);
  }

  take(frame: { readonly event: string; readonly data: object } | undefined): EntryFrame[] {
    if (frame?.event === 'message-sent') return this.#receive({ ...frame, event: 'receive-message' });
    return frame ? this.#receive(frame) : [];
  }

  #receive(frame: { readonly event: string; readonly data: object }): EntryFrame[] {
    return isEntry(frame) ? this.#view.receive(frame, true) : [];
  }

  /** What the copy shows, and what a fresh page shows. */
  async compared() {
    const page = await this.#page();
    const fresh = page.entries.flatMap((frame) => (frame.event === 'receive-message' ? [frame.data] : []));
    return { shown: this.#view.messages(), position: this.#view.position, fresh, head: page.head };
  }

  async #page() {
    const reply = await this.#chat.ask(this.#viewer, 'history', { conversationId: this.#conversationId, after: 0 });
    return { head: reply.head, entries: reply.entries as EntryFrame[] };
  }
}

async function scene({ reacted }: Scene) {
  const chat = new Chat();
  const [ann, bob] = [await chat.connect('ann'), await chat.connect('bob')];
  await chat.connect('zoe');
  const { conversationId } = await chat.ask(ann, 'create-conversation', { kind: 'group', members: ['bob'] });
  for (const client of [ann, bob]) await chat.ask(client, 'join', { conversationId });
  const { seq } = await chat.ask(ann, 'send-message', { conversationId, content: 'before' });
  if (reacted) await chat.ask(ann, 'add-reaction', { conversationId, seq, emoji: '👍' });
  await chat.pump('quiet');
  for (const client of [ann, bob]) chat.gateway.take(client.connectionId);
  return { chat, ann, bob, conversationId, seq };
}

/** Plays an action's examples in order. Gives the kinds of entry that were applied. */
async function play(action: Action, set: Scene): Promise<EntryEvent[]> {
  const { chat, ann, bob, conversationId, seq } = await scene(set);
  const copies = [new Copy(chat, ann, conversationId), new Copy(chat, bob, conversationId)] as const;
  for (const copy of copies) await copy.open();
  const kinds: EntryEvent[] = [];
  const send = async (name: Action, fields: unknown) => {
    const reply = await chat.command(ann, name, fields as never);
    kinds.push(...copies[0].take(reply).map(({ event }) => event));
    await chat.pump('quiet');
    for (const frame of chat.gateway.take(bob.connectionId)) copies[1].take(frame);
    for (const push of chat.gateway.take(ann.connectionId)) copies[0].take(push);
  };
  for (const [index, example] of actions[action].examples.entries()) {
    const place = { conversationId, seq, position: 0 };
    const context = { ...place, me: 'ann', other: set.other, id: `id-${index}`, now: new Date(chat.clock.now()) };
    await send(action, example.fields(context));
  }
  const compare = async (when: string) => {
    // Users who were removed or banned are shown nothing any more.
    const isMember = isActive(await chat.stores.conversations.member(conversationId, 'bob'));
    for (const copy of isMember ? copies : [copies[0]]) {
      const { shown, position, fresh, head } = await copy.compared();
      const room = 'client/src/log/message-changes.ts, or the `set` of the use case';
      expect(shown, `${action}, ${when}: a copy and a fresh page differ (${room})`).toEqual(fresh);
      expect(position).toBe(head);
    }
  };
  await compare('applied');
  // EDIT-1: whatever the action left on the message goes with it.
  await send('delete-message', { conversationId, seq });
  await compare('then deleted');
  return kinds;
}

const applied = new Set<EntryEvent>();

test.each(actionNames.flatMap((action) => Object.entries(SCENES).map(([name, set]) => [action, name, set] as const)))(
  'LOG-2: %s, with %s, is applied as it is stored',
  async (action, _, set) => {
    for (const kind of await play(action, set)) applied.add(kind);
  },
);

test('every kind of entry was applied: some example of its action must succeed in a scene (is its use case called?)', () => {
  expect([...applied].sort()).toEqual([...entryEvents].sort());
});
