/** A heading's anchor, as GitHub makes it: lower case, spaces to hyphens, punctuation gone. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(' ', '-')
    .replace(/[^\p{L}\p{N}_-]/gu, '');
}

/** The rules of the page, in their order: each id with the anchor of the heading that it stands under. */
export function rulesOf(page: string): Map<string, string> {
  const rules = new Map<string, string>();
  let anchor = '';
  for (const line of page.split('\n')) {
    const heading = /^#+ (.+)$/.exec(line)?.[1];
    if (heading !== undefined) anchor = anchorOf(heading);
    const id = /^- \*\*([A-Z]+-\d+)\*\*/.exec(line)?.[1];
    if (id !== undefined) rules.set(id, anchor);
  }
  return rules;
}
