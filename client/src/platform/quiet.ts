/**
 * A rejection of this that nobody waits for does not end a process: it is told elsewhere too, by a state, an event or a
 * message that failed. Whoever waits gets it as ever.
 */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
