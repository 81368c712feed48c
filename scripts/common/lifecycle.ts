import { messageOf, Problem } from './problem.ts';

/** Signals that arrive together, from the terminal and from npm, are one request to stop. */
const SAME_REQUEST_MS = 1_500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Why a run was ended from outside. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

/**
 * Aborts on Ctrl-C, on SIGTERM and SIGHUP, and when the process that started this one is gone. A second request ends
 * the process at once: the emulator, which watches a pipe from here, then ends by itself.
 */
export function stopRequests(): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const request = (): void => {
    const now = performance.now();
    firstAt ??= now;
    if (now - firstAt > SAME_REQUEST_MS) process.exit(130);
    controller.abort(new Stopped('stopped'));
  };
  for (const signal of SIGNALS) process.on(signal, request);
  if (process.channel) {
    process.on('disconnect', request);
    process.channel.unref();
  }
  return controller.signal;
}

/** Things to undo at the end, the last one first; what fails does not keep the others from being undone. */
export class Cleanup {
  readonly #undo: (() => Promise<void> | void)[] = [];

  add(undo: () => Promise<void> | void): void {
    this.#undo.push(undo);
  }

  async run(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) {
      try {
        await undo();
      } catch (error) {
        process.stderr.write(`${messageOf(error)}\n`);
      }
    }
  }
}

/** Prints what went wrong, as one sentence where its remedy is known, and gives the exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof Stopped) return 130;
  const text =
    error instanceof Problem ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`\n${text}\n`);
  return 1;
}
