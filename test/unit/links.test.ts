import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deadLinksInHtml, deadLinksInMarkdown } from '../../scripts/docs/links.ts';
import { anchorsInMarkdown } from '../../scripts/docs/targets.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-links-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

it('finds links to files and headings that do not exist', () => {
  write('docs/other.md', '# Title\n\n## A heading, with `code`\n');
  write('README.md', '[a](docs/other.md) [b](docs/other.md#a-heading-with-code) [c](#here) [d](docs)\n\n# Here\n');
  expect(deadLinksInMarkdown(folder)).toEqual([]);
  write('README.md', '[a](gone.md) ![b](gone.png) [c](docs/other.md#gone) [d](#gone) [e](../up.md)\n\n[f]: gone.txt\n');
  expect(deadLinksInMarkdown(folder)).toEqual([
    'README.md: there is no gone.md',
    'README.md: there is no gone.png',
    'README.md: there is no heading for docs/other.md#gone',
    'README.md: there is no heading for #gone',
    'README.md: there is no ../up.md',
    'README.md: there is no gone.txt',
  ]);
});

it('ignores code, other sites, and folders that are not ours', () => {
  write('README.md', '`[a](gone)` [b](https://example.com/x) [c](mailto:a@example.com)\n\n```md\n[d](gone)\n```\n');
  write('node_modules/x/README.md', '[a](gone.md)');
  write('.local/y.md', '[a](gone.md)');
  expect(deadLinksInMarkdown(folder)).toEqual([]);
});

it('names headings as GitHub does', () => {
  const page =
    '# Uses `user:online`\n\n## The same\n\n### The same\n\n```sh\n# no heading\n```\n\n## A [link](x.md) – and ÄÖ\n';
  expect([...anchorsInMarkdown(page)]).toEqual(['uses-useronline', 'the-same', 'the-same-1', 'a-link--and-äö']);
});

it('finds dead links between HTML pages', () => {
  write('index.html', '<a href="a/b.html#x">1</a><a href="a/b.html#y">2</a><script src="gone.js"></script>');
  write('a/b.html', '<h1 id="x"></h1><a href="../index.html">up</a><a href="https://example.com/">out</a>');
  expect(deadLinksInHtml(folder)).toEqual([
    'index.html: there is no heading for a/b.html#y',
    'index.html: there is no gone.js',
  ]);
});
