import type { EntryEvent } from '../protocol/entries.ts';
import { Refusal } from '../protocol/errors.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Member } from './conversation.ts';
import { entryKinds } from './entry.ts';
import { ALL, type PermissionRule } from './roles.ts';

/** What makes no entry. */
const WITHOUT_ENTRY = {
  read: { allows: 'read and join', roles: ALL, whileMuted: true },
  mark: { allows: 'mark as read and delivered', roles: ALL, whileMuted: true },
  type: { allows: 'show typing', roles: ALL },
} as const satisfies Record<string, PermissionRule>;

type Kinds = typeof entryKinds;
/** What a member may do in a conversation. `-own` and `-other` tell whose thing it is done to. */
export type Permission = keyof typeof WITHOUT_ENTRY | { [E in EntryEvent]: keyof Kinds[E]['permissions'] }[EntryEvent];

const ofEntries = Object.values(entryKinds).flatMap(({ permissions }) => Object.entries(permissions));

/** ROLE-1, the same in channels and groups: the rule of every permission. */
export const permissionRules = { ...WITHOUT_ENTRY, ...Object.fromEntries(ofEntries) } as Readonly<
  Record<Permission, PermissionRule>
>;

/** Whether a role holds a permission, muted or not. */
export function roleMay(role: Role, permission: Permission): boolean {
  return permissionRules[permission].roles.includes(role);
}

/** Until when the member may not write, if so. */
export function mutedUntil(member: Member, nowMs: number): string | undefined {
  return member.mutedUntil !== undefined && Date.parse(member.mutedUntil) > nowMs ? member.mutedUntil : undefined;
}

/** Throws `forbidden` unless ROLE-1 lets this member do it now. */
export function requireMay(member: Member, permission: Permission, nowMs: number): void {
  const rule = permissionRules[permission];
  if (!rule.roles.includes(member.role)) throw new Refusal('forbidden', 'your role does not allow it');
  const until = rule.whileMuted ? undefined : mutedUntil(member, nowMs);
  if (until !== undefined) {
    const details = [{ path: 'mutedUntil', message: until }];
    throw new Refusal('forbidden', `you are muted until ${until}`, { details });
  }
}

/** Which permission it takes to remove, mute or ban somebody of this role. */
export function moderating(subjectRole: Role): Permission {
  return subjectRole === 'member' ? 'moderate-member' : 'moderate-anyone';
}
