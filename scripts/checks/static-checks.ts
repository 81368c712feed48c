import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BINARIES_DIR, LOCAL_DIR, PROJECT_ROOT } from '../common/paths.ts';
import { Problem } from '../common/problem.ts';
import { run } from '../common/processes.ts';
import type { Steps } from '../common/steps.ts';

/** One check of the sources: a command that must succeed. */
export interface Check {
  readonly name: string;
  readonly command: string;
  readonly parameters: readonly string[];
}

/** Format and lint, links in Markdown, and types: of all that Node runs, of the SDK, the pages and the examples. */
export function sourceChecks(): Check[] {
  const clients = ['client/tsconfig.json', 'client/web/tsconfig.json', 'examples/tsconfig.json'];
  return [
    { name: 'format and lint', command: 'biome', parameters: ['check', '--error-on-warnings'] },
    { name: 'links in Markdown', command: 'node', parameters: ['scripts/check-links.ts'] },
    { name: 'types', command: 'tsc', parameters: ['--project', 'tsconfig.json'] },
    ...clients.map((file) => ({
      name: `types of ${file.replace(/\/tsconfig\.json$/, '')}`,
      command: 'tsc',
      parameters: ['--project', file],
    })),
  ];
}

/** Finds files, exports and packages that nobody uses, and exceptions in knip.jsonc that are not needed any more. */
export function unusedCheck(): Check {
  return { name: 'nothing unused (knip)', command: 'knip', parameters: ['--treat-config-hints-as-errors'] };
}

/** The SDK's API reference: everything documented, no dead link. */
export function referenceCheck(): Check {
  return { name: 'API reference', command: 'node', parameters: ['scripts/docs.ts'] };
}

/** Synthesis of the stack as it would go to AWS, cdk-nag included. */
export function synthCheck(): Check {
  const output = join(LOCAL_DIR, `synth-${process.pid}.out`);
  return {
    name: 'cdk synth, cdk-nag',
    command: 'cdk',
    parameters: ['synth', '--quiet', '--no-notices', '--output', output],
  };
}

/**
 * Runs one check as a step.
 * @returns whether it succeeded; if not, what it said was printed
 */
export async function runCheck(
  { name, command, parameters }: Check,
  steps: Steps,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await steps.run(name, async () => {
      const { AWS_ENDPOINT_URL: _, ...env } = process.env;
      const options = { cwd: PROJECT_ROOT, env, ...(signal && { signal }) };
      const { code, output } = await run(join(BINARIES_DIR, command), parameters, options);
      if (code !== 0) throw new Problem(output.trim());
    });
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Problem)) throw error;
    process.stdout.write(`${error.message}\n`);
    return false;
  }
}

/**
 * Runs the scripts that generate files (`generate:…` in package.json) in a mode in which they only compare.
 * @returns their checks
 */
export async function generatedChecks(): Promise<Check[]> {
  const { scripts } = JSON.parse(await readFile(join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return Object.entries(scripts)
    .filter(([name]) => name.startsWith('generate:'))
    .map(([name, script]) => ({
      name: `${name} is current`,
      command: 'node',
      parameters: [...script.split(' ').slice(-1), '--check'],
    }));
}
