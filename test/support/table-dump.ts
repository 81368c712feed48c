import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { ReplyData } from '../../shared/protocol/actions.ts';
import type { Chat, Client } from './chat.ts';

/** Both tables as one version wrote them, and what that version answered about them. */
export interface TableDump {
  /** Of the chat's clock when the dump was made (ms since the epoch). */
  readonly now: number;
  /** What ann was told about each of her conversations. */
  readonly answers: Readonly<Record<string, Answers>>;
  readonly chat: readonly StoredItem[];
  readonly connections: readonly StoredItem[];
}

/** An item as DynamoDB takes and gives it. */
export type StoredItem = Record<string, AttributeValue>;

interface Answers {
  readonly history: ReplyData<'history'>;
  readonly members: ReplyData<'list-members'>;
}

/** Ids as identity providers make them. */
export const STRANGE_IDS = ['waad|a/b', 'CN=Ann Lee,OU=Staff', 'a#b$c%23"><\\'] as const;
const PEOPLE = ['bob', 'mia', 'max', 'rita', 'bea', ...STRANGE_IDS] as const;
const MUTED_UNTIL = '2099-01-01T00:00:00.000Z';
const LIFE_MS = 7_200_000;

/**
 * Fills a chat with one of each thing that is stored: kinds of conversations, roles and standings of members, kinds of
 * entries, marks, statuses, connections in rooms. Gives the conversations' ids. ann owns all of them and stays connected.
 */
export async function fillChat(chat: Chat): Promise<{ readonly ann: Client; readonly conversationIds: string[] }> {
  const ann = await chat.connect('ann', LIFE_MS);
  const bob = await chat.connect('bob', LIFE_MS);
  const strange = await chat.connect(STRANGE_IDS[1], LIFE_MS);
  const group = await chat.ask(ann, 'create-conversation', { kind: 'group', name: 'Tea', members: [...PEOPLE] });
  const direct = await chat.ask(ann, 'create-conversation', { kind: 'direct', members: ['bob'] });
  const channel = await chat.ask(ann, 'create-conversation', { kind: 'channel', conversationId: 'general' });
  const conversationIds = [group, direct, channel].map(({ conversationId }) => conversationId);
  const [inGroup, inChannel] = [{ conversationId: group.conversationId }, { conversationId: channel.conversationId }];
  for (const conversationId of conversationIds) {
    for (const client of [ann, bob]) await chat.ask(client, 'join', { conversationId });
    await fillLog(chat, conversationId, ann, bob);
  }
  await chat.ask(strange, 'join', inChannel);
  await chat.ask(strange, 'send-message', { ...inChannel, content: 'I am strange' });
  await giveStandings(chat, ann, inGroup.conversationId);
  await chat.ask(ann, 'send-message', { ...inGroup, forward: { ...inChannel, seq: 1 } });
  await chat.ask(ann, 'update-conversation', { ...inGroup, name: 'Green tea', slowModeSeconds: 5 });
  chat.clock.advance(60_000);
  await chat.ask(await chat.connect('max'), 'send-message', { ...inGroup, content: 'slowly' });
  await chat.ask(ann, 'set-status', { status: 'busy' });
  return { ann, conversationIds };
}

/** Messages of all kinds, each with what can happen to it. */
async function fillLog(chat: Chat, conversationId: string, ann: Client, bob: Client): Promise<void> {
  const say = (client: Client, content: string, fields: object = {}) =>
    chat.ask(client, 'send-message', { conversationId, content, ...fields });
  const first = await say(ann, 'first\r\nof two lines', { clientMessageId: 'm1' });
  const answer = await say(bob, 'an answer to @ann', { replyTo: first.seq, mentions: ['ann'] });
  const edited = await say(ann, 'once');
  for (const content of ['twice', 'three times']) {
    await chat.ask(ann, 'edit-message', { conversationId, seq: edited.seq, content });
  }
  const deleted = await say(bob, 'soon gone');
  await chat.ask(bob, 'edit-message', { conversationId, seq: deleted.seq, content: 'sooner gone' });
  await chat.ask(bob, 'delete-message', { conversationId, seq: deleted.seq });
  for (const emoji of ['👍', '❤️', '#️⃣']) {
    await chat.ask(ann, 'add-reaction', { conversationId, seq: answer.seq, emoji });
    await chat.ask(bob, 'add-reaction', { conversationId, seq: answer.seq, emoji });
  }
  await chat.ask(bob, 'remove-reaction', { conversationId, seq: answer.seq, emoji: '👍' });
  await chat.ask(bob, 'mark', { conversationId, readSeq: answer.seq, deliveredSeq: deleted.seq });
  chat.clock.advance(60_000);
}

/** bob becomes an admin, mia is muted, rita removed and bea banned. */
async function giveStandings(chat: Chat, ann: Client, conversationId: string): Promise<void> {
  await chat.ask(ann, 'update-member', { conversationId, userId: 'bob', role: 'admin' });
  await chat.ask(ann, 'update-member', { conversationId, userId: 'mia', mutedUntil: MUTED_UNTIL });
  await chat.ask(ann, 'remove-member', { conversationId, userId: 'rita' });
  await chat.ask(ann, 'update-member', { conversationId, userId: 'bea', banned: true });
}

/** What the chat tells ann about each conversation. */
export async function answersTo(chat: Chat, ann: Client, conversationIds: readonly string[]) {
  const answers: Record<string, Answers> = {};
  for (const conversationId of conversationIds) {
    answers[conversationId] = {
      history: await chat.ask(ann, 'history', { conversationId, limit: 100 }),
      members: await chat.ask(ann, 'list-members', { conversationId }),
    };
  }
  return answers;
}
