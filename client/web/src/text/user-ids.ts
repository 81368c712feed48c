/** The user ids in a text, one on each line. What stands inside a line belongs to the id, spaces and commas too. */
export function idsIn(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** These ids and more, each once, in the order in which they came. */
export function withIds(userIds: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...userIds, ...more])];
}
