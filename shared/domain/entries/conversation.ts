import * as z from 'zod';
import { STAFF } from '../roles.ts';
import { count, entryKind, place } from './entry-kind.ts';

export const conversationKinds = {
  'conversation-updated': entryKind('conversation-updated', {
    body: z.object({
      /** The new values. */
      changes: z.object({ name: z.string().optional(), slowModeSeconds: count.optional() }),
    }),
    data: (entry) => ({ ...place(entry), changes: entry.changes, by: entry.senderId }),
    exemptFromRate: true,
    permissions: { 'update-conversation': { allows: 'rename a conversation and set its slow mode', roles: STAFF } },
  }),
};
