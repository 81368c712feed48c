import * as z from 'zod';
import { SEQ_MAX } from './limits.ts';
import { CHANNEL_ID, CLIENT_ID, CONVERSATION_ID, KINDS, ROLES, STATUSES, USER_ID } from './names.ts';
import { contentText, isEmoji, nameText, qualifiedEmoji, type TextVerdict } from './text.ts';

/** ENV-7. */
export const conversationId = z
  .string()
  .regex(CONVERSATION_ID, 'must be a conversation id')
  .describe('Id of a conversation');

/** CONV-1: what a client may choose as the id of a channel; ids that the server derives contain a colon. */
export const channelId = z
  .string()
  .regex(CHANNEL_ID, 'must be a channel id without a colon')
  .describe('Id of a channel, chosen by the client');

/** ENV-7: the token's `sub`. */
export const userId = z
  .string()
  .regex(USER_ID, 'must be 1 to 255 printable characters of ASCII, and not "system"')
  .describe("A user: the `sub` of that user's token");

/** ENV-7: `requestId`, `clientMessageId`, `clientRequestId`. */
export const clientId = z
  .string()
  .regex(CLIENT_ID, 'must be 1 to 64 of A-Z a-z 0-9 _ . : -')
  .describe('Chosen by the client');

export const seq = z.int().min(1).max(SEQ_MAX).describe('Number of an entry in its conversation (LOG-1)');
/** A place in a log: 0 is before the first entry. */
export const position = z.int().min(0).max(SEQ_MAX).describe('A place in a log; 0 is before its first entry');
/** READ-1: a mark is clamped to the head, so any number will do. */
export const markPosition = z.int().min(0).describe('A place in a log; beyond its head means the head');
/** ENV-7: ISO 8601 UTC with milliseconds. */
export const time = z.iso.datetime({ precision: 3 }).describe('ISO 8601 UTC with milliseconds');

export const content = z
  .string()
  .transform(judgedBy(contentText))
  .describe('Message text: 1–4,000 code points, stored and delivered as text (TEXT-1)');
export const name = z.string().transform(judgedBy(nameText)).describe('1–100 code points on one line (TEXT-1)');
export const emoji = z
  .string()
  .overwrite(qualifiedEmoji)
  .max(64)
  .refine(isEmoji, 'must be one RGI emoji')
  .describe('One RGI emoji; taken without U+FE0F, given with it (TEXT-1)');

export const kind = z.enum(KINDS);
export const role = z.enum(ROLES);
export const status = z.enum(STATUSES);

export type ConversationKind = z.infer<typeof kind>;
export type Role = z.infer<typeof role>;
export type Status = z.infer<typeof status>;

/** Marks an issue as `too-large` instead of `validation-failed`; read by `parse-command.ts`. */
export const TOO_LARGE = 'too-large';

function judgedBy(rule: (raw: string) => TextVerdict) {
  return (raw: string, context: z.RefinementCtx): string => {
    const verdict = rule(raw);
    if (verdict.ok) return verdict.text;
    context.addIssue({
      code: 'custom',
      message: verdict.message,
      ...(verdict.tooLong && { params: { code: TOO_LARGE } }),
    });
    return z.NEVER;
  };
}
