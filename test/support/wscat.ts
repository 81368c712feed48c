import { join } from 'node:path';
import { BINARIES_DIR } from '../../scripts/common/paths.ts';
import { findPython } from '../../scripts/common/python.ts';
import { Program } from './program.ts';

/** Runs a command in a terminal of its own, because without one wscat does not say when it is connected. */
const IN_TERMINAL = 'import pty, sys; pty.spawn(sys.argv[1:])';

/** A `wscat` session as a person uses it in a terminal: types lines, and reads what it shows. */
export class Wscat {
  readonly #program: Program;

  private constructor(python: string, address: string) {
    const command = [join(BINARIES_DIR, 'wscat'), '-c', address];
    this.#program = new Program(python, ['-c', IN_TERMINAL, ...command], { TERM: 'dumb' });
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
    this.#program.type(`${line}\r`);
  }

  /** Waits until the terminal has shown this. @throws Error with what it shows instead */
  shows(pattern: RegExp): Promise<string> {
    return this.#program.shows(pattern);
  }

  /** Ends the session with Ctrl-C. */
  async end(): Promise<void> {
    this.type('\u0003');
    await this.#program.ended();
  }
}
