import { beforeEach, describe, expect, test } from 'vitest';
import { type Post, type PostDeps, postAll } from '../../shared/delivery/post-all.ts';
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
    await postAll(deps, posts, BUDGET_MS);
    expect(await stores.connections.connection('young')).toBeDefined();
    expect(await stores.connections.connection('grown')).toBeUndefined();
  });

  test('tries a throttled post again, later texts after it', async () => {
    let refusals = 3;
    gateway.verdict = () => (refusals-- > 0 ? 'later' : undefined);
    expect(await postAll(deps, [await connected('c')], BUDGET_MS)).toEqual([]);
    expect(arrived('c')).toEqual([true, false]);
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
});
