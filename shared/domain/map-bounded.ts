/**
 * How many calls to a service run at once where there may be many: fewer than the 50 sockets of an AWS client, whose
 * connection time-out also counts the wait for one.
 */
export const CALLS_AT_ONCE = 40;

/**
 * `Promise.all` over `items`, with at most `atOnce` of them under way. For every list whose length is stored, sent or
 * batched: a thousand calls started together wait for a socket until they time out. Starts in the order of `items` and
 * gives the results in that order. Rejects with the first failure, and starts no more then.
 */
export async function mapBounded<T, R>(
  items: Iterable<T>,
  work: (item: T, index: number) => Promise<R>,
  atOnce = CALLS_AT_ONCE,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items[Symbol.iterator]();
  let started = 0;
  let failed = false;
  const run = async (): Promise<void> => {
    for (let next = queue.next(); !failed && !next.done; next = queue.next()) {
      const index = started;
      started += 1;
      try {
        results[index] = await work(next.value, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  return results;
}
