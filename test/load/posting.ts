/**
 * `npm run bench:posting`: what a post to a connection costs, signed by hand (`shared/delivery/post-to-connection.ts`)
 * and through the SDK's PostToConnection, against a server on the loopback interface that accepts everything. Prints
 * posts per second and this process's CPU time per post, with ratios to the first row, and asserts nothing.
 */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { createPoster, MAX_SOCKETS } from '../../shared/delivery/post-to-connection.ts';

const POSTS = 5_000;
/** Enough for the JIT, and for every socket to be open. */
const WARM_UP_POSTS = 1_000;
/** Rounds of each kind, taken in turns, so that a busy moment of the machine does not hit only one kind. */
const ROUNDS = 5;
const CONNECTION_ID = 'Zx1yWcAbDoECJQg=';
const TEXT = JSON.stringify({
  event: 'receive-message',
  data: { conversationId: 'general', seq: 1_234, senderId: 'alice', type: 'text', content: 'x'.repeat(200) },
});

type Post = () => Promise<unknown>;
interface Cost {
  readonly perSecond: number;
  readonly cpuMicrosPerPost: number;
}

if (process.send) serve();
else await compare();

/** The server, in a process of its own, so that its CPU time does not count as the poster's. */
function serve(): void {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => response.writeHead(200).end());
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.once('disconnect', () => process.exit());
}

async function compare(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url));
  try {
    const [port] = (await once(server, 'message')) as [number];
    const options = {
      endpoint: `http://127.0.0.1:${port}/live`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' },
    };
    const poster = createPoster(options);
    // As many sockets as the poster has, so that the two differ only in signing and sending.
    const client = new ApiGatewayManagementApiClient({
      ...options,
      requestHandler: { httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS } },
    });
    const kinds: readonly (readonly [string, Post])[] = [
      ['signed by hand', async () => assert.equal(await poster.post(CONNECTION_ID, TEXT, 3_000), 'posted')],
      ["the SDK's", () => client.send(new PostToConnectionCommand({ ConnectionId: CONNECTION_ID, Data: TEXT }))],
    ];
    const costs = new Map<string, Cost[]>(kinds.map(([name]) => [name, []]));
    for (const [, post] of kinds) await measure(post, WARM_UP_POSTS);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, post] of kinds) costs.get(name)?.push(await measure(post, POSTS));
    }
    print(costs);
    client.destroy();
  } finally {
    server.disconnect();
  }
  // The poster's kept-alive sockets would keep the process running for a while.
  process.exit();
}

async function measure(post: Post, posts: number): Promise<Cost> {
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  let left = posts;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await post();
    }
  };
  await Promise.all(Array.from({ length: MAX_SOCKETS }, work));
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: (posts / (performance.now() - startedAt)) * 1_000,
    cpuMicrosPerPost: (user + system) / posts,
  };
}

function print(costs: ReadonlyMap<string, readonly Cost[]>): void {
  console.log(
    `${POSTS} posts of ${Buffer.byteLength(TEXT)} bytes, ${MAX_SOCKETS} at once, median of ${ROUNDS} rounds\n`,
  );
  console.log('a post        posts/s   ratio   CPU µs/post   ratio');
  let first: Cost | undefined;
  for (const [name, rounds] of costs) {
    const cost = {
      perSecond: median(rounds.map(({ perSecond }) => perSecond)),
      cpuMicrosPerPost: median(rounds.map(({ cpuMicrosPerPost }) => cpuMicrosPerPost)),
    };
    first ??= cost;
    const cells = [
      cost.perSecond.toFixed(0).padStart(7),
      (cost.perSecond / first.perSecond).toFixed(2).padStart(7),
      cost.cpuMicrosPerPost.toFixed(0).padStart(13),
      (cost.cpuMicrosPerPost / first.cpuMicrosPerPost).toFixed(2).padStart(7),
    ];
    console.log(`${name.padEnd(14)}${cells.join(' ')}`);
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
