import { permissionRules } from '../../shared/domain/permissions.ts';
import { ERROR_CODES } from '../../shared/protocol/errors.ts';
import { role } from '../../shared/protocol/identifiers.ts';
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
      mark(retryable),
      client,
    ]),
  );
}

/** ROLE-1: what each permission allows, to whom, and whether also while muted. */
export function rolesTable(): string {
  return table(
    ['permission', ...role.options, 'while muted'],
    Object.values(permissionRules).map(({ allows, roles, whileMuted }) => [
      allows,
      ...role.options.map((one) => mark(roles.includes(one))),
      mark(whileMuted === true),
    ]),
  );
}

function mark(holds: boolean): string {
  return holds ? 'yes' : '–';
}

function perSecond({ intervalMs, burst }: Rate): string {
  return `${counted(1000 / intervalMs)}/s, burst ${counted(burst)}`;
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
