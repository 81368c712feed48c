import { type ChildProcess, spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { PROJECT_ROOT } from '../../scripts/common/paths.ts';

const TIMEOUT_MS = 20_000;

/** A program as a person uses it in a terminal: types lines, and reads what it shows. */
export class Program {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #shown = '';
  #changed = Promise.withResolvers<void>();

  /** Starts it in the project's folder, with these variables in addition to those of the tests. */
  constructor(command: string, parameters: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#process = spawn(command, parameters, { cwd: PROJECT_ROOT, env: { ...process.env, ...env }, stdio: 'pipe' });
    this.#ended = new Promise((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#process.once('error', () => resolve());
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (data) => {
        this.#shown += stripVTControlCharacters(String(data));
        this.#changed.resolve();
        this.#changed = Promise.withResolvers();
      });
    }
    // A program that has ended reads no more. `shows` says what it wrote last.
    this.#process.stdin?.on('error', () => undefined);
  }

  /** Everything that it has written so far, errors included. */
  get shown(): string {
    return this.#shown;
  }

  /** Types a text as it is. The caller adds what ends a line. */
  type(text: string): void {
    this.#process.stdin?.write(text);
  }

  /** Waits until it has shown this. @throws Error with what it shows instead */
  async shows(pattern: RegExp): Promise<string> {
    const deadline = AbortSignal.timeout(TIMEOUT_MS);
    const late = new Promise<never>((_, reject) => {
      deadline.addEventListener('abort', () => reject(new Error(`${pattern} was not shown, but:\n${this.#shown}`)));
    });
    for (;;) {
      const found = pattern.exec(this.#shown);
      if (found) return found[0];
      await Promise.race([this.#changed.promise, late]);
    }
  }

  /** Resolves when it has ended by itself. */
  ended(): Promise<void> {
    return this.#ended;
  }

  /** Asks it to end, as Ctrl-C in another terminal would, and waits until it has. */
  async end(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.#ended;
  }
}
