import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plainSentence, sentencesOfRules } from './page-sentences.ts';
import { Scene } from './scene.ts';

const root = new URL('../../', import.meta.url);
const page = sentencesOfRules(read('docs/protocol.md'));

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

/** What plays a sentence: it fails if the sentence is false. */
type Play = (scene: Scene) => Promise<void> | void;

/** What shows a sentence elsewhere, or why nothing can. */
export type Shown =
  | { readonly kind: 'test'; readonly file: string; readonly title: string }
  | { readonly kind: 'aws'; readonly point: string }
  | { readonly kind: 'words'; readonly why: string };

/** A test elsewhere proves it. `file` is below `test`, and `title` stands in it as the title of a test or a `describe`. */
export function shownBy(file: string, title: string): Shown {
  return { kind: 'test', file, title };
}

/** Only AWS can show it: `point` is the bold name of a point in docs/aws-checklist.md. */
export function shownOnAws(point: string): Shown {
  return { kind: 'aws', point };
}

/** The sentence promises nothing that could be false: it defines a word, say. `why` says what it does instead. */
export function wordsOnly(why: string): Shown {
  return { kind: 'words', why };
}

/** Binds a sentence of a rule to what shows it. `rule` is the rule's id; for what stands in no rule, the heading. */
export type Says = (rule: string, sentence: string, ...shown: readonly (Play | Shown)[]) => void;

/**
 * Binds the sentences of sections of docs/protocol.md. Each is written as it stands on the page, without marks of code;
 * lines may break anywhere. Adds a test that fails for a sentence of these sections that nothing is bound to.
 */
export function sentencesOf(...sections: readonly string[]): Says {
  const mine = page.filter(({ section }) => sections.includes(section));
  const bound = new Set<string>();
  test(`every sentence of ${sections.join(', ')} is bound to what shows it`, () => {
    expect(new Set(mine.map(({ section }) => section))).toEqual(new Set(sections));
    const unbound = mine.map(({ rule, text }) => `${rule}: ${text}`).filter((sentence) => !bound.has(sentence));
    expect(
      unbound,
      'docs/protocol.md says this, and no scene plays it. Add says(…) here, or mend the one of the sentence that you ' +
        'changed: first see whether what it plays still holds.',
    ).toEqual([]);
  });
  return (rule, sentence, ...shown) => {
    const text = plainSentence(sentence);
    const name = `${rule}: ${text}`;
    bound.add(name);
    test(name, async () => {
      expect(
        mine.some((other) => other.rule === rule && other.text === text),
        `docs/protocol.md does not say this (any more) in ${rule}. Bind the sentence as it stands there now.`,
      ).toBe(true);
      expect(shown.length).toBeGreaterThan(0);
      for (const one of shown) {
        if (typeof one === 'function') await one(await Scene.open());
        else checkShown(one);
      }
    });
  };
}

/** Throws unless the test, or the point of the checklist, exists. */
export function checkShown(shown: Shown): void {
  switch (shown.kind) {
    case 'test':
      expect(hasTest(read(`test/${shown.file}`), shown.title), `test/${shown.file} has no "${shown.title}"`).toBe(true);
      return;
    case 'aws':
      expect(plainSentence(read('docs/aws-checklist.md'))).toContain(`**${shown.point}`);
      return;
    case 'words':
      expect(shown.why.length).toBeGreaterThan(10);
  }
}

/** Whether a source has a test, a `describe`, or a row of a test's table, of this title, and skips none. */
function hasTest(source: string, title: string): boolean {
  const literal = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const isThere = new RegExp(`[([]\\s*(['"\`])${literal}\\1`).test(source);
  return isThere && !/\b(?:it|test|describe)\.(?:skip|todo)\b/.test(source);
}
