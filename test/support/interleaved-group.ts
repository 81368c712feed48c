import assert from 'node:assert/strict';
import { type Connection, conversationRoom } from '../../shared/domain/connection.ts';
import type { ConnectionStore, JoinOutcome, Stores } from '../../shared/domain/ports.ts';
import type { ReplyFrame } from '../../shared/protocol/frames.ts';
import { Chat, type ChatOptions, type Client } from './chat.ts';
import { createGroup, quietDown } from './groups.ts';
import type { MemoryStores } from './memory-stores.ts';
import type { Outcome, Scheduler } from './scheduler.ts';

/** What the interleaving tests act on: a group of two, and its chat. */
export interface InterleavedGroup {
  readonly chat: Chat;
  readonly conversationId: string;
  readonly owner: Client;
  readonly member: Client;
}

/** A group whose member has not joined it. The scheduler releases all calls of tasks. */
export async function createInterleavedGroup(
  scheduler: Scheduler,
  chatOptions: ChatOptions = {},
): Promise<InterleavedGroup> {
  const chat = new Chat({ ...chatOptions, memory: { before: scheduler.before } });
  const [owner, member] = [await chat.connect('olga'), await chat.connect('mia')];
  const conversationId = await createGroup(chat, owner, member);
  await chat.ask(member, 'leave', { conversationId });
  await quietDown(chat);
  return { chat, conversationId, owner, member };
}

/** A task's reply: the name of its event, or the code of its error. Throws if it is a failure of ours. */
export function answer(outcome: Outcome | undefined): string {
  assert.equal(outcome?.status, 'fulfilled', String((outcome as PromiseRejectedResult | undefined)?.reason));
  const { event, data } = (outcome as PromiseFulfilledResult<ReplyFrame>).value;
  const code = event.endsWith('error') ? (data as { code: string }).code : event;
  assert.notEqual(code, 'internal');
  return code;
}

/** The users subscribed to the room. Throws if the subscriptions and the connections' lists of rooms differ. */
export function subscribers({ chat, conversationId }: Pick<InterleavedGroup, 'chat' | 'conversationId'>): string[] {
  const room = conversationRoom(conversationId);
  const held = [...chat.stores.state.connections.values()].filter(({ rooms }) =>
    rooms.some((one) => one.room.kind === room.kind && one.room.id === room.id),
  );
  const rows = [...chat.stores.state.subscriptions.values()].filter(
    (row) => row.room.kind === room.kind && row.room.id === room.id,
  );
  const ids = (of: readonly { connectionId: string }[]) => of.map(({ connectionId }) => connectionId).sort();
  assert.deepEqual(ids(rows), ids(held));
  return rows.map(({ userId }) => userId);
}

/** The fault: a join that subscribes although the store refuses for this reason. */
export function joinsDespite(reason: JoinOutcome) {
  return (stores: MemoryStores): Stores => {
    const join: ConnectionStore['join'] = async (write) => {
      const outcome = await stores.connections.join(write);
      if (outcome !== reason) return outcome;
      const { connection, room, shard } = write;
      const { state } = stores;
      const row = state.connections.get(connection.connectionId);
      if (row) state.putConnection(connection.connectionId, { ...row, rooms: [...row.rooms, { room, shard }] });
      state.putSubscription({ ...subscriptionOf(connection), room, shard });
      return 'joined';
    };
    return { ...stores, connections: { ...stores.connections, join } };
  };
}

function subscriptionOf({ userId, connectionId, connectedAt, expiresAt }: Connection) {
  return { userId, connectionId, connectedAt, expiresAt };
}
