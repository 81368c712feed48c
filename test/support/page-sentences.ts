/** A sentence of the page, or a row of one of its tables. */
export interface PageSentence {
  /** The heading of the section that it stands in. */
  readonly section: string;
  /** The rule that it belongs to. For what stands in no rule, the heading. */
  readonly rule: string;
  /** On one line and without marks of code. The cells of a row have ` | ` between them. */
  readonly text: string;
}

/** A text as sentences are compared: on one line, without marks of code, and of links the words. */
export function plainSentence(text: string): string {
  return text
    .replaceAll('`', '')
    .replace(/\[([^\]]+)\]\(#[^)]+\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Every sentence under the heading "Rules", and every row of the tables there, in the page's order. */
export function sentencesOfRules(page: string): PageSentence[] {
  const rules = page.slice(page.indexOf('\n## Rules\n'));
  return rules.split(/^### /m).slice(1).flatMap(sentencesOfSection);
}

function sentencesOfSection(text: string): PageSentence[] {
  const [section = '', ...lines] = text.split('\n');
  let rule = section;
  return partsOf(lines).flatMap((part) => {
    const id = /^- \*\*([A-Z]+-\d+)\*\* /.exec(part);
    if (id) rule = id[1] as string;
    return sentencesOfPart(part.slice(id?.[0].length ?? 0)).map((sentence) => ({ section, rule, text: sentence }));
  });
}

/** Paragraphs, items of lists and rows of tables, each on one line. Without the heads of tables, and comments. */
function partsOf(lines: readonly string[]): string[] {
  const parts: string[] = [];
  let open = false;
  for (const [at, line] of lines.entries()) {
    const head = /^\|---/.test(lines[at + 1] ?? '');
    if (line === '' || /^<!--|^\|---/.test(line) || head) open = false;
    else if (open && !/^\s*- |^\|/.test(line)) parts.push(`${parts.pop()} ${line.trim()}`);
    else {
      parts.push(line);
      open = true;
    }
  }
  return parts;
}

function sentencesOfPart(part: string): string[] {
  if (part.startsWith('|')) return [plainSentence(part.slice(1, -1))];
  return part
    .replace(/^\s*- /, '')
    .split(/(?<=[.!?])\s+(?=[\p{Lu}`{"*])/u)
    .map(plainSentence);
}
