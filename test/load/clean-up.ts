/**
 * `npm run bench:clean-up`: what `connection-changes` does when a whole batch of connections ends at once, against a
 * DynamoDB on the loopback interface that answers after 5 ms, with the time limits that the function has. Prints how
 * long a batch takes, how many of its records have to come again, and the CPU time of one delete. Asserts nothing.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TIME_LIMITS } from '../../functions/runtime/time-limits.ts';
import { type ConnectionChange, handleConnectionChanges } from '../../shared/delivery/connection-changes.ts';
import { conversationRoom, userRoom } from '../../shared/domain/connection.ts';
import { createStores } from '../../shared/store/stores.ts';

const ANSWER_AFTER_MS = 5;
const CONNECTIONS = 100;
const ROOMS = [1, 60, 200];
/** A function with so much memory has one vCPU, one with less has its share of it. */
const MB_PER_VCPU = 1_769;
const MEMORY_MB = [512, 1_024, 1_769];

if (process.send) serve();
else await measureAll();

/** The table, in a process of its own, so that its CPU time does not count as the function's. */
function serve(): void {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => setTimeout(() => response.writeHead(200).end('{}'), ANSWER_AFTER_MS));
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.once('disconnect', () => process.exit());
}

async function measureAll(): Promise<void> {
  const table = fork(fileURLToPath(import.meta.url));
  try {
    const [port] = (await once(table, 'message')) as [number];
    const memory = MEMORY_MB.map((mb) => `${mb} MB`.padStart(9)).join('');
    console.log(`${CONNECTIONS} connections end at once; a table that answers after ${ANSWER_AFTER_MS} ms`);
    console.log(`rooms   seconds   come again   CPU ms/delete   CPU seconds of the batch at${memory}`);
    for (const rooms of ROOMS) {
      const { seconds, again, cpuMs } = await measure(port, rooms);
      const deletes = CONNECTIONS * (rooms + 1);
      const shares = MEMORY_MB.map((mb) => ((cpuMs / 1_000) * (MB_PER_VCPU / mb)).toFixed(1).padStart(9)).join('');
      const cells = [
        seconds.toFixed(1).padStart(9),
        String(again).padStart(12),
        (cpuMs / deletes).toFixed(2).padStart(15),
      ];
      console.log(`${String(rooms).padStart(5)} ${cells.join(' ')} ${' '.repeat(27)}${shares}`);
    }
  } finally {
    table.disconnect();
  }
  process.exit();
}

async function measure(port: number, rooms: number) {
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    requestHandler: TIME_LIMITS,
  });
  const { connections } = createStores(DynamoDBDocumentClient.from(client), {
    chat: 'chat',
    connections: 'connections',
  });
  const changes = Array.from({ length: CONNECTIONS }, (_, index) => gone(`socket=${index}`, rooms));
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const again = await handleConnectionChanges(
    { connections, enqueue: async () => [], clock: { now: Date.now }, report: () => undefined },
    changes,
  );
  const { user, system } = process.cpuUsage(cpu);
  client.destroy();
  return { seconds: (performance.now() - startedAt) / 1_000, again: again.length, cpuMs: (user + system) / 1_000 };
}

function gone(connectionId: string, rooms: number): ConnectionChange {
  const userId = `user-of-${connectionId}`;
  const times = { tokenExpiresAt: 1, connectedAt: 0, expiresAt: 1 };
  const joined = Array.from({ length: rooms }, (_, index) => conversationRoom(`conversation-${index}`));
  const held = [userRoom(userId), ...joined].map((room) => ({ room, shard: 0 }));
  return {
    type: 'connection-gone',
    recordId: connectionId,
    connection: { connectionId, userId, ...times, rooms: held },
  };
}
