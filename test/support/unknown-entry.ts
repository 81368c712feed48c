/**
 * Ends a test whose reducer does not know a kind of entry: passed over, the entry would be missing from what is compared.
 * `frame` is `never`, so a kind that a reducer leaves out does not compile either.
 *
 * @throws Error always
 */
export function unknownEntry(frame: never): never {
  throw new Error(`unable to apply the entry; its kind is unknown: ${JSON.stringify(frame)}`);
}
