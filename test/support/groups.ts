import type { Role } from '../../shared/protocol/identifiers.ts';
import type { Chat, Client } from './chat.ts';

/** The people of a test's conversation, each on one connection, by what they are in it. */
export interface PeopleOfEveryStanding {
  readonly conversationId: string;
  readonly owner: Client;
  readonly admin: Client;
  readonly member: Client;
  readonly other: Client;
  readonly removed: Client;
  readonly banned: Client;
  readonly outsider: Client;
}

/** A conversation with members in every role, and users who were removed, banned or never there. Its room is empty. */
export async function createPeopleOfEveryStanding(
  chat: Chat,
  kind: 'group' | 'channel' = 'group',
): Promise<PeopleOfEveryStanding> {
  const connect = (name: string) => chat.connect(name);
  const [owner, admin, member] = [await connect('olga'), await connect('ada'), await connect('mia')];
  const [other, removed, banned] = [await connect('max'), await connect('rita'), await connect('bob')];
  const people = { owner, admin, member, other, removed, banned, outsider: await connect('otto') };
  const others = [admin, member, other, removed, banned];
  const members = kind === 'group' ? others.map(({ userId }) => userId) : [];
  const { conversationId } = await chat.ask(owner, 'create-conversation', { kind, members });
  if (kind === 'channel') {
    for (const client of others) {
      await chat.ask(client, 'join', { conversationId });
      await chat.ask(client, 'leave', { conversationId });
    }
  }
  await setRole(chat, owner, conversationId, admin.userId, 'admin');
  await chat.ask(owner, 'remove-member', { conversationId, userId: removed.userId });
  await chat.ask(owner, 'update-member', { conversationId, userId: banned.userId, banned: true });
  await quietDown(chat);
  return { ...people, conversationId };
}

/** A group of the owner and these others. All of them have joined it on the given connections. */
export async function createGroup(chat: Chat, owner: Client, ...others: readonly Client[]): Promise<string> {
  const members = [...new Set(others.map(({ userId }) => userId))].filter((userId) => userId !== owner.userId);
  const { conversationId } = await chat.ask(owner, 'create-conversation', { kind: 'group', members });
  for (const client of [owner, ...others]) await chat.ask(client, 'join', { conversationId });
  await quietDown(chat);
  return conversationId;
}

export async function setRole(
  chat: Chat,
  by: Client,
  conversationId: string,
  userId: string,
  role: Role,
): Promise<void> {
  await chat.ask(by, 'update-member', { conversationId, userId, role });
}

/** Delivers what is under way, empties the inboxes, and waits until no rate is used up any more. */
export async function quietDown(chat: Chat): Promise<void> {
  await chat.pump('quiet');
  for (const connectionId of chat.gateway.open) chat.gateway.take(connectionId);
  chat.clock.advance(60_000);
}
