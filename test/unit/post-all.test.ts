import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Post, type PostDeps, postAll } from '../../shared/delivery/post-all.ts';
import { conversationRoom } from '../../shared/domain/connection.ts';
import { FakeGateway } from '../support/fake-gateway.ts';
import { createMemoryStores, type MemoryStores } from '../support/memory-stores.ts';
import { HandClock, seededRandom } from '../support/time.ts';

const MINUTE_MS = 60_000;
const BUDGET_MS = 10_000;
function typing(isTyping: boolean) {
  return JSON.stringify({ event: 'user-typing', data: { conversationId: 'c', userId: 'u', isTyping } });
}
const [one, two] = [typing(true), typing(false)];

let clock: HandClock;
let gateway: FakeGateway;
let stores: MemoryStores;
let reports: string[];
let deps: PostDeps;

beforeEach(() => {
  clock = new HandClock();
  gateway = new FakeGateway();
  stores = createMemoryStores();
  reports = [];
  const { connections } = stores;
  deps = { gateway, connections, clock, random: seededRandom(1), report: (stage) => void reports.push(stage) };
});

/** A connection that was opened `ageMs` ago. Its socket is open or not. */
async function connected(connectionId: string, ageMs = 2 * MINUTE_MS, socket: 'open' | 'dead' = 'open'): Promise<Post> {
  if (socket === 'open') gateway.open.add(connectionId);
  const times = { connectedAt: clock.now() - ageMs, expiresAt: clock.now() + 60 * MINUTE_MS };
  const row = { connectionId, userId: 'u', tokenExpiresAt: times.expiresAt, ...times, rooms: [] };
  await stores.connections.open(row);
  return { connectionId, ...times, texts: [one, two] };
}

function arrived(id: string) {
  return gateway.inbox(id).map(({ data }) => (data as { isTyping: boolean }).isTyping);
}

describe('postAll', () => {
  test("posts each connection's texts in their order", async () => {
    const posts = await Promise.all(Array.from({ length: 100 }, (_, index) => connected(`c${index}`)));
    expect(await postAll(deps, posts, BUDGET_MS)).toEqual([]);
    for (const { connectionId } of posts) expect(arrived(connectionId)).toEqual([true, false]);
  });

  test('forgets a connection that is gone, and posts no more to it', async () => {
    await postAll(deps, [await connected('old', 2 * MINUTE_MS, 'dead')], BUDGET_MS);
    expect(gateway.posts).toHaveLength(1);
    expect(await stores.connections.connection('old')).toBeUndefined();
  });

  test('does not believe that a connection younger than 60 s is gone', async () => {
    const posts = [await connected('young', MINUTE_MS - 1, 'dead'), await connected('grown', MINUTE_MS, 'dead')];
    expect(await postAll(deps, posts, BUDGET_MS)).toEqual([]);
    expect(await stores.connections.connection('young')).toBeDefined();
    expect(await stores.connections.connection('grown')).toBeUndefined();
  });

  test('tries a throttled post again, later texts after it', async () => {
    let refusals = 3;
    gateway.verdict = () => (refusals-- > 0 ? 'later' : undefined);
    expect(await postAll(deps, [await connected('c')], BUDGET_MS)).toEqual([]);
    expect(arrived('c')).toEqual([true, false]);
  });

  test('waits twice as long after each try, two seconds at most, and never up to the end of its budget', async () => {
    const tried: number[] = [];
    const start = clock.now();
    gateway.verdict = () => {
      tried.push(clock.now() - start);
      return 'later';
    };
    await postAll({ ...deps, random: () => 1 }, [await connected('c')], 5_150);
    expect(tried).toEqual([0, 50, 150, 350, 750, 1_550, 3_150]);
    expect(clock.now() - start).toBe(3_150);
  });

  test('begins nothing when its budget is just over', async () => {
    const post = await connected('c');
    expect(await postAll(deps, [post], 0)).toEqual([post]);
    expect(gateway.posts).toEqual([]);
  });

  test('ends within its budget and returns what is left, from the first text that was not accepted', async () => {
    gateway.verdict = (_, text) => (text === two ? 'later' : undefined);
    const post = await connected('c');
    const before = clock.now();
    expect(await postAll(deps, [post], BUDGET_MS)).toEqual([{ ...post, texts: [two] }]);
    expect(clock.now() - before).toBeLessThanOrEqual(BUDGET_MS);
    expect(arrived('c')).toEqual([true]);
  });

  test('serves all other connections while one accepts nothing', async () => {
    gateway.verdict = (id) => (id === 'bad' ? 'later' : undefined);
    const posts = [await connected('bad'), ...(await Promise.all(['a', 'b', 'c'].map((id) => connected(id))))];
    const owed = await postAll(deps, posts, BUDGET_MS);
    expect(owed.map(({ connectionId }) => connectionId)).toEqual(['bad']);
    for (const id of ['a', 'b', 'c']) expect(arrived(id)).toEqual([true, false]);
  });

  test('CONN-5: posts nothing after the connection has ended, not even as a retry', async () => {
    const post = await connected('c');
    gateway.verdict = () => 'later';
    const endsSoon = { ...post, expiresAt: clock.now() + 200 };
    expect(await postAll(deps, [endsSoon], BUDGET_MS)).toEqual([]);
    const tried = gateway.posts.length;
    expect(await postAll(deps, [{ ...post, expiresAt: clock.now() }], BUDGET_MS)).toEqual([]);
    expect(gateway.posts).toHaveLength(tried);
  });

  test('reports a connection that it cannot forget, and goes on', async () => {
    const failing = { ...stores.connections, forget: () => Promise.reject(new Error('throttled')) };
    const posts = [await connected('gone', 2 * MINUTE_MS, 'dead'), await connected('here')];
    expect(await postAll({ ...deps, connections: failing }, posts, BUDGET_MS)).toEqual([]);
    expect(reports).toEqual(['forget-connection']);
    expect(arrived('here')).toEqual([true, false]);
  });

  test('begins nothing after its budget: a gateway that hangs holds 2,000 posts no longer, all are owed', async () => {
    const opened = await Promise.all(Array.from({ length: 2_000 }, (_, index) => connected(`c${index}`)));
    const posts = opened.map((post) => ({ ...post, expiresAt: Date.now() + MINUTE_MS }));
    let begun = 0;
    const hanging: PostDeps['gateway'] = {
      async post(_, __, limitMs) {
        begun += 1;
        await sleep(limitMs);
        return 'later';
      },
    };
    const started = performance.now();
    const owed = await postAll({ ...deps, gateway: hanging, clock: { now: Date.now, sleep } }, posts, 300);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(begun).toBeLessThanOrEqual(64);
    expect(new Set(owed.map(({ connectionId }) => connectionId)).size).toBe(2_000);
    expect(owed.every(({ texts }) => texts.length === 2)).toBe(true);
  });

  test('gives a post no more time than is left of the budget, and never more than three seconds', async () => {
    const limits: number[] = [];
    const slow: PostDeps['gateway'] = {
      async post(_, __, limitMs) {
        limits.push(limitMs);
        clock.advance(2_500);
        return 'posted';
      },
    };
    const owed = await postAll({ ...deps, gateway: slow }, [await connected('a'), await connected('b')], 6_000);
    expect(limits).toEqual([3_000, 3_000, 1_000]);
    expect(owed.map(({ connectionId, texts }) => [connectionId, texts])).toEqual([['b', [two]]]);
  });

  test('reports at once what the management API refuses, and tries it no second time', async () => {
    gateway.verdict = (id, text) => (id === 'bad' && text === one ? { refused: 413 } : undefined);
    const counts: number[] = [];
    const report: PostDeps['report'] = (stage, error, count = 1) => {
      reports.push(`${stage}: ${error instanceof Error ? error.message : ''}`);
      counts.push(count);
    };
    const posts = [await connected('bad'), await connected('good')];
    expect(await postAll({ ...deps, report }, posts, BUDGET_MS)).toEqual([]);
    expect(reports).toEqual(['management-refused: the management API answered 413 to a post']);
    expect(counts).toEqual([1]);
    expect(arrived('bad')).toEqual([false]);
    expect(arrived('good')).toEqual([true, false]);
    expect(gateway.posts).toHaveLength(4);
  });

  test('reports a lane that is broken for all once, with how many posts it was', async () => {
    gateway.verdict = () => ({ refused: 403 });
    const reported: unknown[] = [];
    const posts = await Promise.all(Array.from({ length: 100 }, (_, index) => connected(`c${index}`)));
    const report: PostDeps['report'] = (stage, _, count) => void reported.push([stage, count]);
    expect(await postAll({ ...deps, report }, posts, BUDGET_MS)).toEqual([]);
    expect(reported).toEqual([['management-refused', 200]]);
  });

  test('drops a subscription whose connection row is gone, which the stream will not do any more', async () => {
    const room = conversationRoom('c');
    const post = await connected('orphan', 2 * MINUTE_MS, 'dead');
    const subscription = { ...post, room, shard: 0, userId: 'u' };
    const row = { tokenExpiresAt: post.expiresAt, rooms: [{ room, shard: 0 }], ...subscription };
    await stores.connections.open(row);
    const left = () => stores.connections.subscriptionsOf(room, 'u', clock.now());
    await postAll(deps, [{ ...post, subscription }], BUDGET_MS);
    expect(await stores.connections.connection('orphan')).toBeUndefined();
    // The row's end is in the stream, whose clean-up knows all rooms: here nobody did it.
    expect(await left()).toHaveLength(1);
    await postAll(deps, [{ ...post, subscription }], BUDGET_MS);
    expect(await left()).toEqual([]);
  });
});
