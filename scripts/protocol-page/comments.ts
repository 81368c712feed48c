const LINE_MAX_COLUMNS = 120;

/** Code with its comment: behind the code if both fit on a line, else before it. */
export function commented(code: string, comment: string, indent: string): string {
  if (!comment) return code;
  const [first = '', ...rest] = code.split('\n');
  if (first.length + comment.length + 4 <= LINE_MAX_COLUMNS) return [`${first} // ${comment}`, ...rest].join('\n');
  return `${commentLines(comment, indent)}${code}`;
}

/** A comment on lines of its own, each ended. */
export function commentLines(text: string, indent: string): string {
  const prefix = `${indent}//`;
  let line = prefix;
  let lines = '';
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > LINE_MAX_COLUMNS) {
      lines += `${line}\n`;
      line = prefix;
    }
    line += ` ${word}`;
  }
  return `${lines}${line}\n`;
}
