import { createHash } from 'node:crypto';
import { Refusal } from '../protocol/errors.ts';

/**
 * PAGE-1: a place in a list, opaque to clients. It is bound to its list (`scope`: which list, whose, of what) by a
 * checksum, so a foreign or damaged one is refused. It grants nothing: the list is read with the caller's own rights.
 */
export function encodeCursor(scope: readonly string[], last: string): string {
  return Buffer.from(JSON.stringify([last, checksum(scope, last)])).toString('base64url');
}

/** The last item before the wanted page. Throws `validation-failed`. */
export function decodeCursor(scope: readonly string[], cursor: string): string {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parsed)) {
      const [last, sum] = parsed;
      if (typeof last === 'string' && sum === checksum(scope, last)) return last;
    }
  } catch {
    // not JSON: refused below
  }
  throw new Refusal('validation-failed', 'the cursor is not one of this list', {
    details: [{ path: 'cursor', message: 'must be the cursor of the page before' }],
  });
}

function checksum(scope: readonly string[], last: string): string {
  return createHash('sha256')
    .update(JSON.stringify([...scope, last]))
    .digest('base64url')
    .slice(0, 12);
}
