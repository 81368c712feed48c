import * as z from 'zod';
import { channelId, clientId, conversationId, name, userId } from '../identifiers.ts';
import { CONVERSATIONS_LIMIT_MAX, NAMED_MEMBERS_MAX, SLOW_MODE_MAX_SECONDS } from '../limits.ts';
import { conversation, listedConversation } from '../shapes.ts';
import { action, entryOrUnchanged, NO_ACCESS } from './action.ts';
import { atLeastOne, cursor, distinctUsers, pageLimit } from './fields.ts';

const createConversation = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('channel'),
    conversationId: channelId.optional(),
    name: name.optional(),
    members: z.array(userId).max(0, 'must be empty: channels are joined').optional(),
    clientRequestId: clientId.optional(),
  }),
  z.strictObject({
    kind: z.literal('group'),
    name: name.optional(),
    members: distinctUsers(NAMED_MEMBERS_MAX).optional(),
    clientRequestId: clientId.optional(),
  }),
  z.strictObject({
    kind: z.literal('direct'),
    members: z.array(userId).length(1, 'must be exactly one other user'),
    clientRequestId: clientId.optional(),
  }),
]);

const slowModeSeconds = z
  .int()
  .min(0)
  .max(SLOW_MODE_MAX_SECONDS)
  .describe('Seconds between messages of one member; 0: off');

export const conversationActions = {
  'create-conversation': action({
    subject: 'Conversations',
    summary: 'Create a channel, a group or a direct conversation',
    does: 'create the conversation',
    route: '$default',
    fields: createConversation,
    reply: {
      event: 'conversation-created',
      data: conversation.extend({ unchanged: z.literal(true).optional().describe('It was there before (RETRY-1)') }),
    },
    errorEvent: 'error',
    errors: ['forbidden', 'conflict'],
    pushes: ['conversation-created'],
    rules: ['CONV-1', 'MEMB-1', 'RETRY-1'],
    examples: [
      {
        variant: 'a channel',
        fields: () => ({ kind: 'channel' as const, conversationId: 'random', name: 'Random' }),
      },
      {
        variant: 'a group',
        fields: ({ other, id }) => ({ kind: 'group' as const, name: 'Lunch', members: [other], clientRequestId: id }),
      },
      { variant: 'direct', fields: ({ other }) => ({ kind: 'direct' as const, members: [other] }) },
    ],
  }),
  'list-conversations': action({
    subject: 'Conversations',
    summary: "List the user's conversations with unread counts",
    does: 'list the conversations',
    route: '$default',
    fields: z.strictObject({ limit: pageLimit(CONVERSATIONS_LIMIT_MAX).optional(), cursor: cursor.optional() }),
    reply: {
      event: 'conversations',
      data: z.object({ items: z.array(listedConversation), cursor: z.string().optional() }),
    },
    errorEvent: 'error',
    errors: [],
    pushes: [],
    rules: ['PAGE-1', 'READ-2'],
    examples: [{ fields: () => ({ limit: 25 }) }],
  }),
  'update-conversation': action({
    subject: 'Conversations',
    summary: 'Rename a conversation or set its slow mode',
    does: 'update the conversation',
    route: '$default',
    fields: z
      .strictObject({ conversationId, name: name.optional(), slowModeSeconds: slowModeSeconds.optional() })
      .refine(...atLeastOne(['name', 'slowModeSeconds'])),
    reply: entryOrUnchanged('conversation-updated'),
    errorEvent: 'error',
    errors: NO_ACCESS,
    pushes: ['conversation-updated'],
    rules: ['CONV-2', 'ROLE-1', 'TEXT-1'],
    examples: [{ fields: ({ conversationId }) => ({ conversationId, name: 'A new name', slowModeSeconds: 0 }) }],
  }),
};
