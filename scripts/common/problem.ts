/**
 * Something that stops a command and that whoever ran it can put right. The message is one clear sentence with the
 * remedy; it is printed without a stack trace.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
