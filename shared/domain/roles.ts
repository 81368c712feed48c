import type { Role } from '../protocol/identifiers.ts';

/** Who holds a permission: one row of ROLE-1's table. */
export interface PermissionRule {
  /** What it allows, in words: "delete the messages of others". */
  readonly allows: string;
  readonly roles: readonly Role[];
  /** Also while the member is muted. */
  readonly whileMuted?: true;
}

/** Every member. In a direct conversation both users are `member`. */
export const ALL: readonly Role[] = ['member', 'admin', 'owner'];
export const STAFF: readonly Role[] = ['admin', 'owner'];
export const OWNERS: readonly Role[] = ['owner'];
