import { CLIENT_ID_MAX_LENGTH, CONVERSATION_ID_MAX_LENGTH, USER_ID_MAX_LENGTH } from './limits.ts';

/**
 * How things are called on the wire, without the schema library, so that a client's bundle can hold it: the schemas of
 * `identifiers.ts` are made from it.
 */

function id(characters: string, maxLength: number) {
  return new RegExp(`^[A-Za-z0-9][${characters}]{0,${maxLength - 1}}$`);
}

/** ENV-7. */
export const CONVERSATION_ID = id('A-Za-z0-9_.:-', CONVERSATION_ID_MAX_LENGTH);
/** CONV-1: the id of a channel as a client may choose it; the ids that the server derives contain a colon. */
export const CHANNEL_ID = id('A-Za-z0-9_.-', CONVERSATION_ID_MAX_LENGTH);
/** ENV-7: the token's `sub`, as OpenID Connect has it; `system` is kept for what no user says. */
export const USER_ID = new RegExp(`^(?!system$)[ -~]{1,${USER_ID_MAX_LENGTH}}$`);
/** ENV-7: `requestId`, `clientMessageId`, `clientRequestId`. */
export const CLIENT_ID = new RegExp(`^[A-Za-z0-9_.:-]{1,${CLIENT_ID_MAX_LENGTH}}$`);

export const KINDS = ['channel', 'group', 'direct'] as const;
/** ROLE-1, from the least to the most. */
export const ROLES = ['member', 'admin', 'owner'] as const;
export const STATUSES = ['online', 'away', 'busy'] as const;
