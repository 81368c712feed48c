import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { anchorOf } from '../../scripts/protocol-page/links.ts';

const LINE_MAX_COLUMNS = 120;
const root = fileURLToPath(new URL('../../', import.meta.url));
const inDocs = await readdir(join(root, 'docs'));
const pages = [...inDocs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`), 'CONTRIBUTING.md'];

function read(page: string) {
  return readFile(join(root, page), 'utf8');
}

/** The anchors of a page's headings; `#` lines inside a code block are none. */
function anchorsOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading as string));
}

describe.each(pages)('%s', (page) => {
  it('has no line over 120 columns, but rows of tables', async () => {
    const long = (await read(page)).split('\n').filter((line) => [...line].length > LINE_MAX_COLUMNS);
    expect(long.filter((line) => !line.startsWith('|'))).toEqual([]);
  });

  it('links to files and headings that exist', async () => {
    const links = [...(await read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
    for (const target of links.filter((link) => !link.startsWith('https://'))) {
      const [path, anchor] = target.split('#') as [string, string | undefined];
      const file = path ? join(dirname(page), path) : page;
      expect(existsSync(join(root, file)), `${page} links to ${target}`).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(await read(file)), target).toContain(anchor);
    }
  });
});

it('CONTRIBUTING.md names files and folders that exist', async () => {
  const named = [...(await read('CONTRIBUTING.md')).matchAll(/`([a-z]+\/[\w./-]+)`/g)].map(
    ([, path]) => path as string,
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
