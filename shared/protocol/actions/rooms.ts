import * as z from 'zod';
import { conversationId, position, role, time } from '../identifiers.ts';
import { conversation, mark, presence, unreadCount } from '../shapes.ts';
import { action, NO_ACCESS } from './action.ts';
import { logPage } from './fields.ts';

export const roomActions = {
  join: action({
    subject: 'Rooms',
    summary: 'Subscribe this connection to a conversation and get a page of its log',
    does: 'join the conversation',
    route: 'own',
    fields: z.strictObject({
      conversationId,
      after: position.optional().describe('The client has the log up to here; without it: the newest page'),
    }),
    reply: {
      event: 'joined-conversation',
      data: z.object({
        conversationId,
        success: z.literal(true),
        conversation,
        role,
        mutedUntil: time.optional().describe('The user may not write before; absent if not muted (JOIN-1)'),
        ...logPage,
        ...unreadCount.shape,
        online: z.array(presence),
        marks: z.array(mark),
      }),
    },
    errorEvent: 'error',
    errors: NO_ACCESS,
    pushes: ['user:online'],
    rules: ['JOIN-1', 'JOIN-2', 'JOIN-3', 'JOIN-4', 'PRES-1', 'READ-2'],
    examples: [{ fields: ({ conversationId, position }) => ({ conversationId, after: position }) }],
  }),
  leave: action({
    subject: 'Rooms',
    summary: 'End delivery of a conversation on this connection',
    does: 'leave the conversation',
    route: 'own',
    fields: z.strictObject({ conversationId }),
    reply: { event: 'left-conversation', data: z.object({ conversationId, success: z.literal(true) }) },
    errorEvent: 'error',
    errors: [],
    pushes: ['user:offline'],
    rules: ['LEAVE-1', 'PRES-1'],
    examples: [{ fields: ({ conversationId }) => ({ conversationId }) }],
  }),
  typing: action({
    subject: 'Rooms',
    summary: 'Tell the room that the user is, or is no longer, typing',
    does: 'show typing',
    route: 'own',
    fields: z.strictObject({ conversationId, isTyping: z.boolean() }),
    reply: null,
    errorEvent: 'error',
    errors: NO_ACCESS,
    pushes: ['user-typing'],
    rules: ['TYPE-1'],
    examples: [{ fields: ({ conversationId }) => ({ conversationId, isTyping: true }) }],
  }),
};
