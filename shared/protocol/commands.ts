import * as z from 'zod';
import {
  channelId,
  clientId,
  content,
  conversationId,
  emoji,
  markPosition,
  name,
  position,
  role,
  seq,
  status,
  time,
  userId,
} from './identifiers.ts';
import {
  CONVERSATIONS_LIMIT_MAX,
  HISTORY_LIMIT_MAX,
  MEMBERS_LIMIT_MAX,
  MENTIONS_MAX,
  NAMED_MEMBERS_MAX,
  PING_POSITIONS_MAX,
  SLOW_MODE_MAX_SECONDS,
} from './limits.ts';

const distinct = (max: number) =>
  z
    .array(userId)
    .max(max)
    .refine((ids) => new Set(ids).size === ids.length, 'must be distinct');

const cursor = z.string().max(1_024).describe('Opaque; from the page before (PAGE-1)');
const limit = (max: number) => z.int().min(1).max(max);
const atLeastOne = (fields: readonly string[]) => (input: object) =>
  fields.some((field) => (input as Record<string, unknown>)[field] !== undefined);

const target = { conversationId, seq };
const slowModeSeconds = z
  .int()
  .min(0)
  .max(SLOW_MODE_MAX_SECONDS)
  .describe('Seconds between messages of one member; 0: off');

const sendMessage = z
  .strictObject({
    conversationId,
    content: content.optional(),
    forward: z.strictObject(target).optional().describe('Instead of `content`: the message to copy'),
    clientMessageId: clientId.optional().describe('Makes the send exactly-once (SEND-3)'),
    after: position.optional().describe('SEND-4'),
    replyTo: seq.optional(),
    mentions: distinct(MENTIONS_MAX).optional(),
  })
  .refine((input) => (input.content === undefined) !== (input.forward === undefined), {
    message: 'must have either content or forward',
    path: ['content'],
  });

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
    members: distinct(NAMED_MEMBERS_MAX).optional(),
    clientRequestId: clientId.optional(),
  }),
  z.strictObject({
    kind: z.literal('direct'),
    members: z.array(userId).length(1, 'must be exactly one other user'),
    clientRequestId: clientId.optional(),
  }),
]);

/** The fields of every command beside `action` and `requestId`, by action. Unknown fields are refused (ENV-5). */
export const commandFields = {
  'send-message': sendMessage,
  join: z.strictObject({ conversationId, after: position.optional() }),
  leave: z.strictObject({ conversationId }),
  typing: z.strictObject({ conversationId, isTyping: z.boolean() }),
  ping: z.strictObject({
    positions: z
      .array(z.strictObject({ conversationId, seq: position }))
      .max(PING_POSITIONS_MAX)
      .optional(),
  }),
  'refresh-token': z.strictObject({ token: z.string() }),
  'create-conversation': createConversation,
  'list-conversations': z.strictObject({
    limit: limit(CONVERSATIONS_LIMIT_MAX).optional(),
    cursor: cursor.optional(),
  }),
  'list-members': z.strictObject({
    conversationId,
    limit: limit(MEMBERS_LIMIT_MAX).optional(),
    cursor: cursor.optional(),
  }),
  history: z
    .strictObject({
      conversationId,
      before: position.optional(),
      after: position.optional(),
      limit: limit(HISTORY_LIMIT_MAX).optional(),
    })
    .refine((input) => input.before === undefined || input.after === undefined, {
      message: 'must not be given together with after',
      path: ['before'],
    }),
  'edit-message': z.strictObject({ ...target, content }),
  'delete-message': z.strictObject(target),
  'add-reaction': z.strictObject({ ...target, emoji }),
  'remove-reaction': z.strictObject({ ...target, emoji }),
  mark: z
    .strictObject({ conversationId, readSeq: markPosition.optional(), deliveredSeq: markPosition.optional() })
    .refine(atLeastOne(['readSeq', 'deliveredSeq']), 'must have readSeq or deliveredSeq'),
  'add-member': z.strictObject({ conversationId, userId, role: role.optional() }),
  'remove-member': z.strictObject({ conversationId, userId }),
  'update-member': z
    .strictObject({
      conversationId,
      userId,
      role: role.optional(),
      mutedUntil: time.nullable().optional(),
      banned: z.boolean().optional(),
    })
    .refine(atLeastOne(['role', 'mutedUntil', 'banned']), 'must have role, mutedUntil or banned')
    .refine((input) => input.role === undefined || input.banned !== true, {
      message: 'must not be given to whoever is banned',
      path: ['role'],
    }),
  'update-conversation': z
    .strictObject({ conversationId, name: name.optional(), slowModeSeconds: slowModeSeconds.optional() })
    .refine(atLeastOne(['name', 'slowModeSeconds']), 'must have name or slowModeSeconds'),
  'set-status': z.strictObject({ status }),
} as const;

export type Action = keyof typeof commandFields;
/** A command's fields after parsing: text normalised, nothing unknown. */
export type CommandInput<A extends Action> = z.output<(typeof commandFields)[A]>;
/** A command's fields as a client may write them. */
export type CommandFields<A extends Action> = z.input<(typeof commandFields)[A]>;

/** Routes that have a Lambda function of their own; every other action is `$default`'s. */
export const ROUTED_ACTIONS = ['send-message', 'join', 'leave', 'typing'] as const satisfies readonly Action[];
export type RoutedAction = (typeof ROUTED_ACTIONS)[number];
export type DefaultAction = Exclude<Action, RoutedAction>;

/** Whether the protocol knows such an action. */
export function isAction(value: unknown): value is Action {
  return typeof value === 'string' && Object.hasOwn(commandFields, value);
}
