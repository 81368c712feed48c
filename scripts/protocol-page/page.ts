import { rulesOf } from './links.ts';
import { commandSections, entrySections, pushSections, type Rules, shapeSections } from './sections.ts';
import { errorsTable, limitsTable, rolesTable } from './tables.ts';

/** What each pair of markers of the page holds. */
const BLOCKS: Record<string, (rules: Rules) => string> = {
  commands: commandSections,
  entries: entrySections,
  pushes: pushSections,
  shapes: shapeSections,
  roles: rolesTable,
  limits: limitsTable,
  errors: errorsTable,
};

const BLOCK = /<!-- generated: (\w+) -->\n[\s\S]*?<!-- \/generated -->/g;

/**
 * The page with all between its markers (`<!-- generated: commands -->` to `<!-- /generated -->`) made anew from the
 * schemas.
 * @throws if a block is missing, is there twice or is not known, and if an action names a rule that the page has not
 */
export function generatedPage(page: string): string {
  const rules = rulesOf(page);
  const found: string[] = [];
  const made = page.replace(BLOCK, (_, name: string) => {
    found.push(name);
    const block = BLOCKS[name];
    if (!block) throw new Error(`docs/protocol.md asks for a block that nothing makes: ${name}`);
    return `<!-- generated: ${name} -->\n\n${block(rules)}\n\n<!-- /generated -->`;
  });
  const expected = Object.keys(BLOCKS);
  if (found.toSorted().join() !== expected.toSorted().join()) {
    throw new Error(`docs/protocol.md must have each of these blocks once: ${expected.join(', ')}`);
  }
  return made;
}
