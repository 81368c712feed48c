import { Refusal } from '../protocol/errors.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Member } from './conversation.ts';

/** What a member may do in a conversation, each row of ROLE-1's table. `-other` acts on somebody else's thing. */
export type Deed =
  | 'read'
  | 'type'
  | 'mark'
  | 'send'
  | 'react'
  | 'edit-own'
  | 'delete-own'
  | 'delete-other'
  | 'leave'
  | 'add-member'
  | 'update-conversation'
  | 'moderate-member'
  | 'moderate-anyone'
  | 'change-role';

interface Rule {
  readonly roles: readonly Role[];
  /** The muted may read, join, mark, delete their own and leave, nothing else. */
  readonly whileMuted?: true;
}

const ALL: readonly Role[] = ['member', 'admin', 'owner'];
const STAFF: readonly Role[] = ['admin', 'owner'];
const OWNERS: readonly Role[] = ['owner'];

/** ROLE-1, the same in channels and groups; in a direct conversation both users are `member`. */
const RULES: Record<Deed, Rule> = {
  read: { roles: ALL, whileMuted: true },
  mark: { roles: ALL, whileMuted: true },
  'delete-own': { roles: ALL, whileMuted: true },
  leave: { roles: ALL, whileMuted: true },
  type: { roles: ALL },
  send: { roles: ALL },
  react: { roles: ALL },
  'edit-own': { roles: ALL },
  'delete-other': { roles: STAFF },
  'add-member': { roles: STAFF },
  'update-conversation': { roles: STAFF },
  'moderate-member': { roles: STAFF },
  'moderate-anyone': { roles: OWNERS },
  'change-role': { roles: OWNERS },
};

/** Whether a role holds a permission, muted or not. */
export function roleMay(role: Role, deed: Deed): boolean {
  return RULES[deed].roles.includes(role);
}

/** Until when the member may not write, if so. */
function mutedUntil(member: Member, nowMs: number): string | undefined {
  return member.mutedUntil !== undefined && Date.parse(member.mutedUntil) > nowMs ? member.mutedUntil : undefined;
}

/** Throws `forbidden` unless ROLE-1 lets this member do it now. */
export function requireMay(member: Member, deed: Deed, nowMs: number): void {
  const rule = RULES[deed];
  if (!rule.roles.includes(member.role)) throw new Refusal('forbidden', 'your role does not allow it');
  const until = rule.whileMuted ? undefined : mutedUntil(member, nowMs);
  if (until !== undefined) {
    const details = [{ path: 'mutedUntil', message: until }];
    throw new Refusal('forbidden', `you are muted until ${until}`, { details });
  }
}

/** Which permission it takes to remove, mute or ban somebody of this role. */
export function moderating(subjectRole: Role): Deed {
  return subjectRole === 'member' ? 'moderate-member' : 'moderate-anyone';
}
