import type { Writable } from 'node:stream';

const NAME_WIDTH = 44;

/** Prints one line per step with the time it took: to a terminal as it runs, elsewhere when it is done. */
export class Steps {
  readonly #output: Writable & { isTTY?: boolean };

  constructor(output: Writable & { isTTY?: boolean } = process.stdout) {
    this.#output = output;
  }

  /**
   * Runs one step and gives its result. `work` may return a note for the line by calling `note`.
   * What it throws is passed on, after the line has been marked as failed.
   */
  async run<Result>(name: string, work: (note: (text: string) => void) => Promise<Result>): Promise<Result> {
    const started = performance.now();
    let label = name;
    const line = (mark: string) =>
      `  ${mark} ${label.padEnd(NAME_WIDTH)} ${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s\n`;
    if (this.#output.isTTY) this.#output.write(`  … ${label}`);
    const finish = (mark: string) => this.#output.write(`${this.#output.isTTY ? '\r\u001b[2K' : ''}${line(mark)}`);
    try {
      const result = await work((text) => {
        label = `${name} (${text})`;
      });
      finish('✓');
      return result;
    } catch (error) {
      finish('✗');
      throw error;
    }
  }
}
