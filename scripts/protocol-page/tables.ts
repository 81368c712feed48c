import { ERROR_CODES } from '../../shared/protocol/errors.ts';
import { LIMITS, type Rate } from '../../shared/protocol/limits.ts';
import { table } from './markdown.ts';

/** LIMIT-1: what is limited, by how much, and what happens beyond it. */
export function limitsTable(): string {
  return table(
    ['what', 'at most', 'beyond it'],
    LIMITS.map(({ what, most, beyond }) => [what, typeof most === 'number' ? counted(most) : perSecond(most), beyond]),
  );
}

/** ERR-1: the closed list of codes. */
export function errorsTable(): string {
  return table(
    ['code', 'when', 'retryable', 'the client'],
    Object.entries(ERROR_CODES).map(([code, { when, retryable, client }]) => [
      `\`${code}\``,
      when,
      retryable ? 'yes' : '–',
      client,
    ]),
  );
}

function perSecond({ intervalMs, burst }: Rate): string {
  return `${counted(1000 / intervalMs)}/s, burst ${counted(burst)}`;
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
