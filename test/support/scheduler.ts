import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Effect, effectOf, independent } from './call-effects.ts';
import type { Call } from './memory-stores.ts';

/** What came of a task: its value, or why it failed. */
export type Outcome = PromiseSettledResult<unknown>;

/** One execution to be interleaved: its tasks by name, and a check of what must hold when all are done. */
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
  /** Set if it makes no difference when a task's reply goes out, because the check looks only at the tables. */
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

  /** Waits until every task has come to a call or its end, and gives the tasks that could go on. */
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

/** A node in the tree of schedules: the task that goes next here, and those that need not be chosen any more. */
interface Choice {
  readonly task: string;
  readonly effect: Effect;
  /** Tasks whose next call was explored before, and commutes with everything that happened since. */
  readonly asleep: ReadonlyMap<string, Effect>;
}

/**
 * Runs every interleaving of the tasks' calls, each from the start, depth first. Orders that differ only in calls on
 * different things count as one (sleep sets), unless one of them is a task's end. Gives the number of runs. Throws for
 * the first run that fails, with its steps, and beyond `maxRuns`, because the search would not be exhaustive.
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

/** Follows `path` and runs on to the end. Gives for each depth what else could have been chosen there. */
async function follow(scheduler: Scheduler, run: Run, path: Choice[]): Promise<readonly Options[]> {
  scheduler.start(run.tasks);
  const untried: Options[] = [];
  let asleep: Options = new Map();
  for (;;) {
    const enabled = await scheduler.enabled();
    if (enabled.size === 0) break;
    const choice = path[untried.length] ?? firstAwake(enabled, asleep);
    // All orders from here on were explored in another branch. What still waits is left to the garbage collector.
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

/** Changes `path` to the next branch that was not taken. False if there is none. */
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
