import * as z from 'zod';
import { conversationId, role, time, userId } from '../identifiers.ts';
import { MEMBERS_LIMIT_MAX } from '../limits.ts';
import { member } from '../shapes.ts';
import { action, type ExampleContext, entryOrUnchanged, NO_ACCESS } from './action.ts';
import { atLeastOne, cursor, pageLimit } from './fields.ts';

const HOUR_MS = 3_600_000;
function toOther({ conversationId, other }: ExampleContext) {
  return { conversationId, userId: other };
}

export const memberActions = {
  'list-members': action({
    subject: 'Members',
    summary: 'List the members of a conversation',
    does: 'list the members',
    route: '$default',
    fields: z.strictObject({
      conversationId,
      limit: pageLimit(MEMBERS_LIMIT_MAX).optional(),
      cursor: cursor.optional(),
    }),
    reply: { event: 'members', data: z.object({ items: z.array(member), cursor: z.string().optional() }) },
    errorEvent: 'error',
    errors: NO_ACCESS,
    pushes: [],
    rules: ['MEMB-0', 'PAGE-1'],
    examples: [{ fields: ({ conversationId }) => ({ conversationId, limit: 100 }) }],
  }),
  'add-member': action({
    subject: 'Members',
    summary: 'Add a user to a group',
    does: 'add the member',
    route: '$default',
    fields: z.strictObject({ conversationId, userId, role: role.optional() }),
    reply: entryOrUnchanged('member-joined'),
    errorEvent: 'error',
    errors: [...NO_ACCESS, 'conflict'],
    pushes: ['member-joined', 'conversation-created'],
    rules: ['MEMB-0', 'MEMB-1', 'ROLE-1'],
    examples: [{ fields: (at) => ({ ...toOther(at), role: 'member' as const }) }],
  }),
  'remove-member': action({
    subject: 'Members',
    summary: 'End a membership, one’s own or another’s',
    does: 'remove the member',
    route: '$default',
    fields: z.strictObject({ conversationId, userId }),
    reply: entryOrUnchanged('member-left'),
    errorEvent: 'error',
    errors: [...NO_ACCESS, 'user-not-found', 'conflict'],
    pushes: ['member-left'],
    rules: ['MEMB-1', 'MEMB-2', 'MEMB-3', 'ROLE-1'],
    examples: [{ fields: toOther }],
  }),
  'update-member': action({
    subject: 'Members',
    summary: 'Change a role, mute, ban, or take any of it back',
    does: 'update the member',
    route: '$default',
    fields: z
      .strictObject({
        conversationId,
        userId,
        role: role.optional(),
        mutedUntil: time.nullable().optional().describe('Null: not muted any more'),
        banned: z.boolean().optional().describe('False: as a user who left'),
      })
      .refine(...atLeastOne(['role', 'mutedUntil', 'banned']))
      .refine((input) => input.role === undefined || input.banned !== true, {
        message: 'must not be given to whoever is banned',
        path: ['role'],
      }),
    reply: entryOrUnchanged('member-updated'),
    errorEvent: 'error',
    errors: [...NO_ACCESS, 'user-not-found', 'conflict'],
    pushes: ['member-updated'],
    rules: ['MEMB-2', 'MEMB-3', 'ROLE-1'],
    examples: [
      { variant: 'role', fields: (at) => ({ ...toOther(at), role: 'admin' as const }) },
      {
        variant: 'mute for an hour',
        fields: (at) => ({ ...toOther(at), mutedUntil: new Date(at.now.getTime() + HOUR_MS).toISOString() }),
      },
      { variant: 'ban', fields: (at) => ({ ...toOther(at), banned: true }) },
    ],
  }),
};
