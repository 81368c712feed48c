import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Connection, Room, Subscription } from '../domain/connection.ts';
import type { ConnectionStore, JoinOutcome, JoinWrite } from '../domain/ports.ts';
import { memberStep } from './changes.ts';
import { allOf, anyOf, assign, compare, exists, missing, sizeBelow } from './expressions.ts';
import { type Item, parseConnectionItem, toSubscriptionItem } from './items.ts';
import { connectionKey, memberKey, roomName, subscriptionKey } from './keys.ts';
import { check, put, remove, type Step, type TransactionOutcome, transact, update } from './transactions.ts';

/** Names of the tables that a subscription touches: its own, and the one that says which users may be subscribed. */
export interface Tables {
  readonly connections: string;
  readonly chat: string;
}

const CONNECTION = 'connection';
const MEMBER = 'member';
const isThere = exists('pk');

/** Where a subscription is held. */
type Place = Pick<Subscription, 'room' | 'shard' | 'userId' | 'connectionId'>;

/** One transaction over both tables; see `ConnectionStore.join`. */
export async function join(client: DynamoDBDocumentClient, tables: Tables, write: JoinWrite): Promise<JoinOutcome> {
  const { connection, room, shard, becomes } = write;
  const subscription = subscriptionOf(connection, room, shard);
  const member = becomes
    ? { ...memberStep(tables.chat, becomes.expected, becomes.next), name: MEMBER }
    : room.kind === 'conversation' && membershipCheck(tables.chat, room.id, connection.userId);
  const result = await transact(client, [
    addRoom(tables.connections, write),
    put('subscription', tables.connections, toSubscriptionItem(subscription)),
    ...(member ? [member] : []),
  ]);
  if (result.outcome === 'committed') return 'joined';
  if (result.outcome === 'conflict') return 'conflict';
  // With `becomes` the row is not as it was read, which says nothing of whether the user is welcome.
  if (result.refused.has(MEMBER)) return becomes ? 'conflict' : 'not-active';
  return refusedByConnection(result.refused.get(CONNECTION), write);
}

/** One transaction; see `ConnectionStore.leave`. */
export async function leave(
  client: DynamoDBDocumentClient,
  tables: Tables,
  place: Place,
): Promise<'left' | 'conflict'> {
  return outcomeOf(await takeOut(client, tables.connections, place, [])) === 'done' ? 'left' : 'conflict';
}

/** One transaction over both tables; see `ConnectionStore.unsubscribe`. */
export async function unsubscribe(
  client: DynamoDBDocumentClient,
  tables: Tables,
  subscription: Subscription,
): ReturnType<ConnectionStore['unsubscribe']> {
  const { room, userId } = subscription;
  if (room.kind !== 'conversation') throw new Error('only a conversation has members');
  const isNoMember = missing('pk');
  const isInactive = compare('state', '<>', 'active');
  const notActive = check(MEMBER, tables.chat, memberKey(room.id, userId), anyOf(isNoMember, isInactive));
  const outcome = outcomeOf(await takeOut(client, tables.connections, subscription, [notActive]));
  return outcome === 'done' ? 'unsubscribed' : outcome;
}

export function subscriptionOf(connection: Connection, room: Room, shard: number): Subscription {
  const { userId, connectionId, connectedAt, expiresAt } = connection;
  return { room, shard, userId, connectionId, connectedAt, expiresAt };
}

function addRoom(tableName: string, { connection, room, shard, maxRooms }: JoinWrite): Step {
  const path = ['rooms', roomName(room)];
  // Subscriptions were given the end that was read: a refresh in between must not leave this one behind.
  const hasSameEnd = compare('expiresAtMs', '=', connection.expiresAt);
  const isHeldHere = compare(path, '=', shard);
  const isNotHeld = missing(...path);
  const userRooms = connection.rooms.filter((held) => held.room.kind === 'user').length;
  const hasPlace = sizeBelow('rooms', maxRooms + userRooms);
  return update(CONNECTION, tableName, connectionKey(connection.connectionId), {
    condition: allOf(isThere, hasSameEnd, anyOf(isHeldHere, allOf(isNotHeld, hasPlace))),
    assignments: [assign(path, shard)],
  });
}

function membershipCheck(tableName: string, conversationId: string, userId: string): Step {
  const isActive = compare('state', '=', 'active');
  return check(MEMBER, tableName, memberKey(conversationId, userId), isActive);
}

/** Which clause of `addRoom` did not hold, told by the row as it was. */
function refusedByConnection(item: Item | undefined, write: JoinWrite): JoinOutcome {
  const row = item && parseConnectionItem(item);
  if (!row || row.expiresAt !== write.connection.expiresAt) return 'connection-changed';
  const isHeld = row.rooms.some(({ room }) => roomName(room) === roomName(write.room));
  return isHeld ? 'connection-changed' : 'too-many-rooms';
}

/** Deletes the subscription and takes the room out of the connection's row, or deletes it alone if the row is gone. */
async function takeOut(
  client: DynamoDBDocumentClient,
  tableName: string,
  { room, shard, userId, connectionId }: Place,
  more: readonly Step[],
): Promise<TransactionOutcome> {
  const path = ['rooms', roomName(room)];
  const isHeldHere = compare(path, '=', shard);
  const isNotHeld = missing(...path);
  const drop = remove('subscription', tableName, subscriptionKey(room, shard, userId, connectionId));
  const forgetRoom = update(CONNECTION, tableName, connectionKey(connectionId), {
    condition: allOf(isThere, anyOf(isHeldHere, isNotHeld)),
    assignments: [assign(path, undefined)],
  });
  const result = await transact(client, [drop, forgetRoom, ...more]);
  const isGone = result.outcome === 'refused' && result.refused.has(CONNECTION) && !result.refused.get(CONNECTION);
  return isGone ? transact(client, [drop, ...more]) : result;
}

function outcomeOf(result: TransactionOutcome): 'done' | 'member-active' | 'conflict' {
  if (result.outcome === 'committed') return 'done';
  return result.outcome === 'refused' && result.refused.has(MEMBER) ? 'member-active' : 'conflict';
}
