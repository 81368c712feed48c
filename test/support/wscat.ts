import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { BINARIES_DIR, PROJECT_ROOT } from '../../scripts/common/paths.ts';
import { findPython } from '../../scripts/common/python.ts';

const TIMEOUT_MS = 20_000;
/** Runs a command in a terminal of its own: without one, wscat does not say when it is connected. */
const IN_TERMINAL = 'import pty, sys; pty.spawn(sys.argv[1:])';

/** A `wscat` session as a person has it in a terminal: lines typed, what is shown read. */
export class Wscat {
  readonly #process: ChildProcess;
  #shown = '';
  #changed = Promise.withResolvers<void>();

  private constructor(python: string, address: string) {
    const command = [join(BINARIES_DIR, 'wscat'), '-c', address];
    this.#process = spawn(python, ['-c', IN_TERMINAL, ...command], {
      cwd: PROJECT_ROOT,
      env: { ...process.env, TERM: 'dumb' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process.stdout?.on('data', (data) => {
      this.#shown += stripVTControlCharacters(String(data));
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    });
  }

  /** Runs a printed line, `npx wscat -c "address"`, and waits until it is connected. */
  static async run(line: string): Promise<Wscat> {
    const address = /^npx wscat -c "([^"]+)"$/.exec(line.trim())?.[1];
    if (!address) throw new Error(`not a line that runs wscat: ${line}`);
    const session = new Wscat((await findPython()).command, address);
    await session.shows(/Connected \(press CTRL\+C to quit\)/);
    return session;
  }

  type(line: string): void {
    this.#process.stdin?.write(`${line}\r`);
  }

  /** Waits until the terminal has shown this. @throws Error with what it shows instead */
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

  /** Ctrl-C. */
  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.type('\u0003');
    await ended;
  }
}
