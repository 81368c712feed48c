import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { findPython } from '../../scripts/common/python.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-python-'));

afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

/** Puts a program on the path that answers like a Python that is installed somewhere else. */
function shim(name: string, version: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n%s\\n' '${version}' '/real/${name}-${version}'\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('the Python that runs the emulator', () => {
  test('is the program itself, not the name that it was found by', async () => {
    shim('python3', '3.11');
    vi.stubEnv('PARLEY_PYTHON', '');
    vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
    expect(await findPython()).toEqual({ command: '/real/python3-3.11', version: '3.11' });
  });

  test('is another one on the path if the first is too old', async () => {
    shim('python3', '3.9');
    shim('python3.14', '3.14');
    vi.stubEnv('PARLEY_PYTHON', '');
    vi.stubEnv('PATH', folder + delimiter + process.env.PATH);
    expect(await findPython()).toEqual({ command: '/real/python3.14-3.14', version: '3.14' });
  });

  test('is the one that PARLEY_PYTHON names, and no other', async () => {
    vi.stubEnv('PARLEY_PYTHON', shim('my-python', '3.12'));
    expect(await findPython()).toEqual({ command: '/real/my-python-3.12', version: '3.12' });
    vi.stubEnv('PARLEY_PYTHON', shim('old-python', '3.8'));
    await expect(findPython()).rejects.toThrow(/needs Python 3\.10 or newer and .*old-python is 3\.8/);
  });
});
