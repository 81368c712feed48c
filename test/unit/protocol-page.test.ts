import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it, test } from 'vitest';
import { anchorOf, rulesOf } from '../../scripts/protocol-page/links.ts';
import { generatedPage } from '../../scripts/protocol-page/page.ts';
import { codeBlocks, ExchangePlayer, parseExchange } from '../support/page-exchanges.ts';

const root = new URL('../../', import.meta.url);
const page = await readFile(new URL('docs/protocol.md', root), 'utf8');
const exchanges = codeBlocks(page, 'jsonc');

describe('docs/protocol.md', () => {
  it('is what the schemas say now', () => {
    expect(generatedPage(page)).toBe(page);
  });

  it('shows exchanges as they happen, every frame of them', async () => {
    expect(exchanges.length).toBeGreaterThan(10);
    const player = new ExchangePlayer();
    for (const block of exchanges) await player.play(parseExchange(block));
  });

  it.each([
    ['a field that no schema knows', '"seq": 1,', '"seq": 1, "color": "red",'],
    ['a number that is another', '"seq": 1,', '"seq": 7,'],
    ['a time without milliseconds', /(createdAt": "[^"]+)\.\d{3}Z/, '$1Z'],
    ['an action that does not exist', '"action": "join"', '"action": "enter"'],
    ['a field that a command may not have', '"action": "join",', '"action": "join", "limit": 3,'],
    ['a push that is left out', /\/\/ server → bob\n\{\n {2}"event": "receive-message"[\s\S]*?\n\}\n/, ''],
  ])('would not pass with %s', async (_, from, to) => {
    const broken = page.replace(from, to);
    expect(broken).not.toBe(page);
    const player = new ExchangePlayer();
    const play = async () => {
      for (const block of codeBlocks(broken, 'jsonc')) await player.play(parseExchange(block));
    };
    await expect(play()).rejects.toThrow();
  });

  it('has no JSON but in exchanges', () => {
    expect(codeBlocks(page, 'json')).toEqual([]);
  });

  it('links to headings that exist', () => {
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading as string));
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter((anchor) => !anchors.includes(anchor as string))).toEqual([]);
    expect(anchors.filter((anchor, at) => anchors.indexOf(anchor) !== at)).toEqual([]);
  });
});

const FAMILIES = [...new Set([...rulesOf(page).keys()].map((id) => id.replace(/-\d+$/, '')))];

/** The rule ids of each family that a text cites. */
function citedIn(text: string): string[] {
  return [...text.matchAll(new RegExp(`\\b(?:${FAMILIES.join('|')}|CHOICE)-\\d+\\b`, 'g'))].map(([id]) => id);
}

async function citedUnder(folder: string): Promise<Map<string, string>> {
  const cited = new Map<string, string>();
  const files = await readdir(new URL(folder, root), { recursive: true });
  for (const file of files.filter((name) => /\.(ts|tsx|js|md|html)$/.test(name) && !/node_modules|dist/.test(name))) {
    for (const id of citedIn(await readFile(new URL(`${folder}${file}`, root), 'utf8'))) cited.set(id, folder + file);
  }
  return cited;
}

describe('the rules', () => {
  const rules = [...rulesOf(page).keys()];

  it('have each an id of their own', () => {
    const written = [...page.matchAll(/\*\*([A-Z]+-\d+)\*\*/g)].map(([, id]) => id);
    expect(written).toEqual(rules);
  });

  test.each(['client/', 'docs/', 'functions/', 'infra/', 'scripts/', 'shared/', 'test/'])(
    'that %s cites are all there',
    async (folder) => {
      const unknown = [...(await citedUnder(folder))].filter(([id]) => !rules.includes(id));
      expect(unknown).toEqual([]);
    },
  );

  it('are each cited by a test', async () => {
    const cited = await citedUnder('test/');
    expect(rules.filter((id) => !cited.has(id))).toEqual([]);
  });
});
