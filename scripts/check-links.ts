import { PROJECT_ROOT } from './common/paths.ts';
import { deadLinksInMarkdown } from './docs/links.ts';

/** Says which links of the repository's Markdown lead nowhere (exit code 1 if there are any). */
const dead = deadLinksInMarkdown(PROJECT_ROOT);
for (const sentence of dead) console.error(sentence);
if (dead.length > 0) process.exitCode = 1;
