import * as z from 'zod';
import type { EntryData } from '../../protocol/entries.ts';
import { role } from '../../protocol/identifiers.ts';
import { ALL, OWNERS, STAFF } from '../roles.ts';
import type { EntryHeader } from './entry-header.ts';
import { entryKind, place, storedTime } from './entry-kind.ts';

/** `role`: the member's when joining, or until leaving. */
const membership = z.object({ userId: z.string(), role });

function membershipData(entry: EntryHeader & Readonly<z.output<typeof membership>>): EntryData<'member-joined'> {
  return { ...place(entry), userId: entry.userId, role: entry.role, by: entry.senderId };
}

export const memberKinds = {
  'member-joined': entryKind('member-joined', {
    body: membership,
    data: membershipData,
    permissions: { 'add-member': { allows: 'add members', roles: STAFF } },
  }),
  'member-left': entryKind('member-left', {
    body: membership,
    data: membershipData,
    exemptFromRate: true,
    permissions: { leave: { allows: 'end one’s own membership', roles: ALL, whileMuted: true } },
  }),
  'member-updated': entryKind('member-updated', {
    body: z.object({
      userId: z.string(),
      role: role.optional(),
      /** Null: not muted any longer. */
      mutedUntil: storedTime.nullable().optional(),
      banned: z.boolean().optional(),
    }),
    data: (entry) => ({
      ...place(entry),
      userId: entry.userId,
      role: entry.role,
      mutedUntil: entry.mutedUntil,
      banned: entry.banned,
      by: entry.senderId,
    }),
    exemptFromRate: true,
    permissions: {
      'moderate-member': { allows: 'remove, mute and ban members', roles: STAFF },
      'moderate-anyone': { allows: 'remove, mute and ban admins and owners', roles: OWNERS },
      'change-role': { allows: 'give and take roles', roles: OWNERS },
    },
  }),
};
