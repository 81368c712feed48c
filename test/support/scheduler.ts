import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Effect, effectOf, independent } from './call-effects.ts';
import type { Call } from './memory-stores.ts';

/** What one task did: its value, or why it failed. */
export type Outcome = PromiseSettledResult<unknown>;

/** One execution to be interleaved: its tasks by name, and what must hold when all are done. */
export interface Run {
  readonly tasks: Readonly<Record<string, () => Promise<unknown>>>;
  readonly verify: (outcomes: Readonly<Record<string, Outcome>>) => void | Promise<void>;
}

/** A call that waits for its turn. `finish` stands for a task's end, when its reply goes out. */
interface Held {
  readonly name: string;
  readonly effect: Effect;
  readonly release: () => void;
}

export interface SchedulerOptions {
  /** Operations that are never held back. */
  readonly passing?: readonly string[];
  /** It makes no difference when a task's reply goes out: what is checked looks at the tables alone. */
  readonly endsCommute?: boolean;
}

/**
 * Holds back the store calls of tasks and releases them one by one. Calls outside of tasks (preparation, checks) pass.
 * `steps` is the order in which calls were released, for the message of a failure.
 */
export class Scheduler {
  readonly steps: string[] = [];
  readonly #current = new AsyncLocalStorage<string>();
  readonly #held = new Map<string, Held[]>();
  readonly #outcomes: Record<string, Outcome> = {};
  readonly #options: SchedulerOptions;

  constructor(options: SchedulerOptions = {}) {
    this.#options = options;
  }

  /** For `MemoryOptions.before`. */
  readonly before = async ({ operation, args }: Call): Promise<void> => {
    const task = this.#current.getStore();
    if (task !== undefined && !this.#options.passing?.includes(operation))
      await this.#hold(task, operation, effectOf(operation, args));
  };

  start(tasks: Run['tasks']): void {
    for (const [name, run] of Object.entries(tasks)) {
      this.#held.set(name, []);
      void this.#current.run(name, async () => {
        const [outcome] = await Promise.allSettled([run()]);
        if (!this.#options.endsCommute) await this.#hold(name, 'finish', 'all');
        this.#outcomes[name] = outcome as Outcome;
        this.#held.delete(name);
      });
    }
  }

  /** The tasks that could go on, once all have come to a call or their end. */
  async enabled(): Promise<ReadonlyMap<string, Effect>> {
    await nextTurn();
    const idle = [...this.#held].filter(([, calls]) => calls.length === 0).map(([name]) => name);
    if (idle.length > 0) throw new Error(`${idle} waits for something that is no store call`);
    return new Map([...this.#held].map(([name, calls]) => [name, (calls[0] as Held).effect]));
  }

  release(task: string): void {
    const held = this.#held.get(task)?.shift();
    if (!held) throw new Error(`${task} waits for nothing`);
    this.steps.push(`${task} ${held.name}`);
    held.release();
  }

  outcomes(): Readonly<Record<string, Outcome>> {
    return this.#outcomes;
  }

  #hold(task: string, name: string, effect: Effect): Promise<void> {
    return new Promise((release) => this.#held.get(task)?.push({ name, effect, release }));
  }
}

/** A node of the tree of schedules: what goes next here, and what need not be chosen any more. */
interface Choice {
  readonly task: string;
  readonly effect: Effect;
  /** Tasks whose next call was explored first, and commutes with all that happened since. */
  readonly asleep: ReadonlyMap<string, Effect>;
}

/**
 * Runs every interleaving of the tasks' calls, by running again from the start, depth first. Two orders of calls that
 * do not touch the same things count as one (sleep sets), but not of calls and a task's end. Gives the number of runs.
 * Throws for the first that fails, with its steps, and beyond `maxRuns`, because the search was then not exhaustive.
 */
export async function explore(
  prepare: (scheduler: Scheduler) => Promise<Run>,
  { maxRuns = 20_000, ...options }: SchedulerOptions & { readonly maxRuns?: number } = {},
): Promise<number> {
  const path: Choice[] = [];
  for (let runs = 1; ; runs += 1) {
    if (runs > maxRuns) throw new Error(`more than ${maxRuns} interleavings`);
    const scheduler = new Scheduler(options);
    const untried = await follow(scheduler, await prepare(scheduler), path);
    if (!backtrack(path, untried)) return runs;
  }
}

type Options = ReadonlyMap<string, Effect>;

/** Runs along `path` and on to the end; gives for each depth what else could have been chosen there. */
async function follow(scheduler: Scheduler, run: Run, path: Choice[]): Promise<readonly Options[]> {
  scheduler.start(run.tasks);
  const untried: Options[] = [];
  let asleep: Options = new Map();
  for (;;) {
    const enabled = await scheduler.enabled();
    if (enabled.size === 0) break;
    const choice = path[untried.length] ?? firstAwake(enabled, asleep);
    // All orders from here on were explored in another branch; what still waits is left to the garbage collector.
    if (!choice) return untried;
    path[untried.length] = choice;
    untried.push(new Map([...enabled].filter(([task]) => task !== choice.task && !choice.asleep.has(task))));
    asleep = new Map([...choice.asleep].filter(([, effect]) => independent(effect, choice.effect)));
    scheduler.release(choice.task);
  }
  try {
    await run.verify(scheduler.outcomes());
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AssertionError') throw error;
    throw new Error(`${error.message}\nin the order:\n  ${scheduler.steps.join('\n  ')}`, { cause: error });
  }
  return untried;
}

function firstAwake(enabled: Options, asleep: Options): Choice | undefined {
  const [first] = [...enabled].filter(([task]) => !asleep.has(task));
  return first && { task: first[0], effect: first[1], asleep };
}

/** Turns `path` to the next branch that was not taken; false if there is none. */
function backtrack(path: Choice[], untried: readonly Options[]): boolean {
  for (let last = path.pop(); last; last = path.pop()) {
    const [next] = untried[path.length] ?? [];
    if (!next) continue;
    const asleep = new Map([...last.asleep, [last.task, last.effect]]);
    path.push({ task: next[0], effect: next[1], asleep });
    return true;
  }
  return false;
}
