const LINE_MAX_COLUMNS = 120;

/** A table of Markdown; cells are taken as they are, but for the bar that would end them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** Breaks a paragraph into lines of at most 120 columns. */
export function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line && line.length + word.length >= LINE_MAX_COLUMNS) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.join('\n');
}

/** A block of TypeScript; its parts are set apart by an empty line. */
export function typeScript(...parts: readonly string[]): string {
  return `\`\`\`ts\n${parts.join('\n\n')}\n\`\`\``;
}
