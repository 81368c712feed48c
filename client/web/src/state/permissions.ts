import { type ConversationInfo, type Member, type Role, roles } from '@parley/client';

// What the app offers by role (ROLE-1). The server decides; this only hides what it would refuse.

/** Delete others' messages, add members, rename, slow mode. */
export function mayModerate(role: Role | undefined): boolean {
  return role === 'admin' || role === 'owner';
}

/** Remove, mute and ban this member. */
export function mayDiscipline(role: Role | undefined, target: Member): boolean {
  if (role === 'owner') return true;
  return role === 'admin' && target.role === 'member';
}

export function mayChangeRoles(role: Role | undefined): boolean {
  return role === 'owner';
}

/** Direct conversations take no member commands (CONV-1). */
export function hasMemberCommands(info: ConversationInfo | undefined): boolean {
  return info !== undefined && info.kind !== 'direct';
}

/** Owners first, then admins; within a role by name. */
export function byRank(a: Member, b: Member): number {
  return roles.indexOf(b.role) - roles.indexOf(a.role) || a.userId.localeCompare(b.userId);
}
