import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsInMarkdown, decodeHtml, targetsInMarkdown } from './targets.ts';

/** Folders with nothing of ours in them. */
const FOREIGN = /(^|\/)(node_modules|dist|cdk\.out|artifacts|\.[^/]+)\//;

/**
 * Links of the repository's Markdown that lead nowhere, as sentences: to a file that is not there, or to a heading that
 * its page has not. Addresses of other sites are not asked.
 */
export function deadLinksInMarkdown(root: string): string[] {
  const files = globSync('**/*.md', { cwd: root, exclude: (name) => FOREIGN.test(`${name}/`) });
  return deadLinks(root, files, targetsInMarkdown, (file) => anchorsInMarkdown(readFileSync(join(root, file), 'utf8')));
}

/** The same for a folder of HTML pages. */
export function deadLinksInHtml(folder: string): string[] {
  const targets = (html: string) =>
    [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, to = '']) => decodeHtml(to));
  const ids = (file: string) =>
    new Set(
      [...readFileSync(join(folder, file), 'utf8').matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => decodeHtml(id)),
    );
  return deadLinks(folder, globSync('**/*.html', { cwd: folder }), targets, ids);
}

function deadLinks(
  root: string,
  files: readonly string[],
  targetsOf: (text: string) => readonly string[],
  anchorsOf: (file: string) => ReadonlySet<string>,
): string[] {
  const anchors = new Map<string, ReadonlySet<string>>();
  const hasAnchor = (file: string, anchor: string) => {
    const known = anchors.get(file) ?? anchorsOf(file);
    anchors.set(file, known);
    return known.has(anchor);
  };
  return files.toSorted().flatMap((file) =>
    targetsOf(readFileSync(join(root, file), 'utf8')).flatMap((target) => {
      // Other sites, and what is no link of ours to keep.
      if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) return [];
      const [path = '', anchor] = target.split('#').map(decodeURIComponent);
      const to = path === '' ? file : normalize(join(dirname(file), path));
      if (to.startsWith('..') || !existsSync(join(root, to))) return [`${file}: there is no ${target}`];
      if (anchor === undefined || anchor === '' || statSync(join(root, to)).isDirectory()) return [];
      const isPage = to.endsWith(file.slice(file.lastIndexOf('.')));
      return isPage && !hasAnchor(to, anchor) ? [`${file}: there is no heading for ${target}`] : [];
    }),
  );
}
