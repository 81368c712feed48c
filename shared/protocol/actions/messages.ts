import * as z from 'zod';
import { message } from '../entries.ts';
import { clientId, content, conversationId, emoji, markPosition, position, seq } from '../identifiers.ts';
import { HISTORY_LIMIT_MAX, MENTIONS_MAX } from '../limits.ts';
import { unreadCount } from '../shapes.ts';
import { action, type ExampleContext, entryOrUnchanged, NO_ACCESS } from './action.ts';
import { atLeastOne, distinctUsers, logPage, pageLimit, target } from './fields.ts';

const sendMessage = z
  .strictObject({
    conversationId,
    content: content.optional(),
    forward: z.strictObject(target).optional().describe('Instead of `content`: the message to copy'),
    clientMessageId: clientId.optional().describe('Makes the send exactly-once (SEND-3)'),
    after: position.optional().describe('The sender has the log up to here, without this message (SEND-4)'),
    replyTo: seq.optional().describe('A message of this conversation (SEND-7)'),
    mentions: distinctUsers(MENTIONS_MAX).optional().describe('Those who are not members are dropped'),
  })
  .refine((input) => (input.content === undefined) !== (input.forward === undefined), {
    message: 'must have either content or forward',
    path: ['content'],
  });

const history = z
  .strictObject({
    conversationId,
    before: position.optional().describe('Read backwards from here, exclusive'),
    after: position.optional().describe('Read forwards from here, exclusive'),
    limit: pageLimit(HISTORY_LIMIT_MAX).optional(),
  })
  .refine((input) => input.before === undefined || input.after === undefined, {
    message: 'must not be given together with after',
    path: ['before'],
  });

const mark = z
  .strictObject({ conversationId, readSeq: markPosition.optional(), deliveredSeq: markPosition.optional() })
  .refine(...atLeastOne(['readSeq', 'deliveredSeq']));

function newest({ conversationId, seq }: ExampleContext) {
  return { conversationId, seq };
}
function sending({ conversationId, id, position }: ExampleContext) {
  return {
    conversationId,
    clientMessageId: id,
    after: position,
  };
}

export const messageActions = {
  'send-message': action({
    subject: 'Messages',
    summary: 'Append a message to a conversation',
    does: 'send the message',
    route: 'own',
    fields: sendMessage,
    reply: {
      event: 'message-sent',
      data: message.extend({
        duplicate: z.literal(true).optional().describe('It was sent before (SEND-3)'),
      }),
    },
    errorEvent: 'message-error',
    errors: [...NO_ACCESS, 'message-not-found', 'behind'],
    pushes: ['receive-message'],
    rules: ['SEND-1', 'SEND-2', 'SEND-3', 'SEND-4', 'SEND-5', 'SEND-6', 'SEND-7', 'TEXT-1'],
    examples: [
      { fields: (at) => ({ ...sending(at), content: 'Hello from a raw frame' }) },
      { variant: 'as a reply', fields: (at) => ({ ...sending(at), content: 'I agree', replyTo: at.seq }) },
      {
        variant: 'with mentions',
        fields: (at) => ({ ...sending(at), content: `Look, @${at.other}`, mentions: [at.other] }),
      },
      { variant: 'forwarding', fields: (at) => ({ ...sending(at), forward: newest(at) }) },
    ],
  }),
  'edit-message': action({
    subject: 'Messages',
    summary: 'Replace the text of a message, and whom it mentions',
    does: 'edit the message',
    route: '$default',
    fields: z.strictObject({
      ...target,
      content,
      mentions: distinctUsers(MENTIONS_MAX).optional().describe('Absent: as before; empty: none (EDIT-1)'),
    }),
    reply: entryOrUnchanged('message-updated'),
    errorEvent: 'message-error',
    errors: [...NO_ACCESS, 'message-not-found', 'conflict'],
    pushes: ['message-updated'],
    rules: ['EDIT-1', 'EDIT-2', 'TEXT-1'],
    examples: [
      { fields: (at) => ({ ...newest(at), content: 'Better words' }) },
      {
        variant: 'with mentions',
        fields: (at) => ({ ...newest(at), content: `Better words, @${at.other}`, mentions: [at.other] }),
      },
    ],
  }),
  'delete-message': action({
    subject: 'Messages',
    summary: 'Delete a message; its slot in the log stays',
    does: 'delete the message',
    route: '$default',
    fields: z.strictObject(target),
    reply: entryOrUnchanged('message-deleted'),
    errorEvent: 'message-error',
    errors: [...NO_ACCESS, 'message-not-found'],
    pushes: ['message-deleted'],
    rules: ['EDIT-1', 'EDIT-2'],
    examples: [{ fields: newest }],
  }),
  'add-reaction': action({
    subject: 'Messages',
    summary: 'React to a message',
    does: 'add the reaction',
    route: '$default',
    fields: z.strictObject({ ...target, emoji }),
    reply: entryOrUnchanged('reaction-added'),
    errorEvent: 'error',
    errors: [...NO_ACCESS, 'message-not-found', 'conflict'],
    pushes: ['reaction-added'],
    rules: ['REACT-1', 'TEXT-1', 'RETRY-1'],
    examples: [{ fields: (at) => ({ ...newest(at), emoji: '👍' }) }],
  }),
  'remove-reaction': action({
    subject: 'Messages',
    summary: 'Take a reaction back',
    does: 'remove the reaction',
    route: '$default',
    fields: z.strictObject({ ...target, emoji }),
    reply: entryOrUnchanged('reaction-removed'),
    errorEvent: 'error',
    errors: [...NO_ACCESS, 'message-not-found', 'conflict'],
    pushes: ['reaction-removed'],
    rules: ['REACT-1', 'TEXT-1', 'RETRY-1'],
    examples: [{ fields: (at) => ({ ...newest(at), emoji: '👍' }) }],
  }),
  history: action({
    subject: 'Messages',
    summary: 'Read a page of the log in either direction',
    does: 'read the history',
    route: '$default',
    fields: history,
    reply: { event: 'history', data: z.object({ conversationId, ...logPage }) },
    errorEvent: 'error',
    errors: NO_ACCESS,
    pushes: [],
    rules: ['PAGE-1', 'LOG-4'],
    examples: [
      { fields: ({ conversationId, position }) => ({ conversationId, before: position + 1, limit: 20 }) },
      { variant: 'what came after a position', fields: ({ conversationId }) => ({ conversationId, after: 0 }) },
    ],
  }),
  mark: action({
    subject: 'Messages',
    summary: 'Raise the read and delivered marks',
    does: 'move the mark',
    route: '$default',
    fields: mark,
    reply: {
      event: 'marked',
      data: z.object({
        conversationId,
        readSeq: position,
        deliveredSeq: position,
        head: position.describe('Seq of the newest entry; `unread` counts up to it'),
        ...unreadCount.shape,
      }),
    },
    errorEvent: 'error',
    errors: NO_ACCESS,
    pushes: ['receipt'],
    rules: ['READ-1', 'READ-2'],
    examples: [
      { fields: ({ conversationId, position }) => ({ conversationId, readSeq: position, deliveredSeq: position }) },
    ],
  }),
};
