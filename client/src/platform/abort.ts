import { ChatError, ownError } from '../errors.ts';

/** The platform's `AbortSignal`, as far as it is used: every one of them fits. */
export interface CallSignal {
  /** It was aborted. */
  readonly aborted: boolean;
  /** Why; it becomes the `cause` of the error. */
  readonly reason?: unknown;
  /**
   * Calls `listener` when it is aborted.
   *
   * @example
   * ```ts
   * const { signal } = new AbortController();
   * signal.addEventListener('abort', () => console.log('aborted'));
   * ```
   */
  addEventListener(type: 'abort', listener: () => void): void;
  /**
   * Undoes `addEventListener`.
   *
   * @example
   * ```ts
   * const { signal } = new AbortController();
   * const listener = () => console.log('aborted');
   * signal.addEventListener('abort', listener);
   * signal.removeEventListener('abort', listener);
   * ```
   */
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** What every call that waits takes last. */
export interface CallOptions {
  /**
   * Ends the wait: the call rejects with `aborted`. What was not sent yet is not sent any more; what is on its way may
   * still arrive. A message stays in the outbox (`discard` drops it), and the client goes on connecting and joining.
   */
  readonly signal?: CallSignal;
}

/**
 * Runs a call and waits for it, until the signal is aborted: then it rejects with `aborted`. Does not even begin if it
 * is aborted already, or if the options hold anything else.
 *
 * @internal
 */
export async function abortable<T>(options: CallOptions | undefined, run: () => Promise<T>): Promise<T> {
  onlyFields('go on', options, ['signal']);
  const signal = options?.signal;
  if (!signal) return run();
  throwIfAborted(signal);
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(ownError('aborted', signal.reason));
    signal.addEventListener('abort', abort);
    run()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * Throws `aborted` if it is.
 *
 * @internal
 */
export function throwIfAborted(signal: CallSignal | undefined): void {
  if (signal?.aborted) throw ownError('aborted', signal.reason);
}

/**
 * Throws `validation-failed` for the first field that is not among these: a field that nobody reads is a mistake, and
 * to drop it would hide that.
 *
 * @internal
 */
export function onlyFields(doing: string, given: object | undefined, names: readonly string[]): void {
  const path = Object.keys(given ?? {}).find((name) => !names.includes(name));
  if (path === undefined) return;
  const message = 'unknown field';
  const details = [{ path, message }];
  throw new ChatError({
    code: 'validation-failed',
    message: `unable to ${doing}; ${path}: ${message}`,
    retryable: false,
    details,
  });
}
