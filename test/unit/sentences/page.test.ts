import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sentencesOfRules } from '../../support/page-sentences.ts';
import { checkShown, shownBy, shownOnAws } from '../../support/sentences.ts';

const folder = new URL('./', import.meta.url);
const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
const files = readdirSync(folder).filter((name) => name !== 'page.test.ts');
const sources = files.map((name) => readFileSync(new URL(name, folder), 'utf8'));

describe('the sentences of docs/protocol.md', () => {
  const sentences = sentencesOfRules(page);

  it('are found, the rows of tables among them', () => {
    const rules = new Set([...page.matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map(([, id]) => id));
    expect([...rules].filter((id) => !sentences.some(({ rule }) => rule === id))).toEqual([]);
    expect(sentences.length).toBeGreaterThan(250);
    const [first, row] = [sentences[0], sentences.find(({ text }) => text.startsWith('connects per user'))];
    expect(first?.text).toMatch(/^A frame is text: .+ in either direction\.$/);
    expect(row?.text).toBe('connects per user | 1/s, burst 20 | the handshake is answered with 429');
  });

  it('have a file for each section, which binds them all', () => {
    const bound = sources.map((source) => /= sentencesOf\(([^)]+)\)/.exec(source)?.[1] ?? '').join();
    const sections = new Set(sentences.map(({ section }) => section));
    expect([...sections].filter((section) => !bound.includes(`'${section}'`))).toEqual([]);
  });

  it('are seldom mere words', () => {
    const words = sources.flatMap((source) => [...source.matchAll(/wordsOnly\('/g)]);
    expect(words.length).toBeLessThanOrEqual(6);
  });

  it('are not shown by what does not exist', () => {
    checkShown(shownBy('unit/append.test.ts', 'too-large: an entry over 24 KiB is refused'));
    expect(() => checkShown(shownBy('unit/append.test.ts', 'too-large: an entry'))).toThrow('has no');
    expect(() => checkShown(shownBy('unit/append.test.ts', 'no test of this title'))).toThrow('has no');
    expect(() => checkShown(shownOnAws('no such point'))).toThrow();
  });
});
