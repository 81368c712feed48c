import {
  CONTENT_MAX_LENGTH,
  CONVERSATION_ID_MAX_LENGTH,
  CONVERSATIONS_LIMIT_MAX,
  GROUP_MEMBERS_MAX,
  HISTORY_LIMIT_MAX,
  MEMBERS_LIMIT_MAX,
  MENTIONS_MAX,
  NAME_MAX_LENGTH,
  NAMED_MEMBERS_MAX,
  PING_POSITIONS_MAX,
  REACTION_KINDS_MAX,
  SLOW_MODE_MAX_SECONDS,
  USER_ID_MAX_LENGTH,
} from '../../shared/protocol/limits.ts';
import { CHANNEL_ID, CONVERSATION_ID, ROLES, USER_ID } from '../../shared/protocol/names.ts';

/**
 * The protocol's limits that an application shows or keeps to, so that it need not write them down again. The server
 * holds to the same numbers and answers what is beyond them with `validation-failed` or `too-large`.
 *
 * @example
 * ```ts
 * const left = limits.contentMaxLength - Array.from(text).length;
 * ```
 */
export const limits = {
  /** A message's text, in Unicode code points. */
  contentMaxLength: CONTENT_MAX_LENGTH,
  /** A conversation's name, in Unicode code points. */
  nameMaxLength: NAME_MAX_LENGTH,
  /** A user id, in characters. */
  userIdMaxLength: USER_ID_MAX_LENGTH,
  /** A conversation id, in characters. */
  conversationIdMaxLength: CONVERSATION_ID_MAX_LENGTH,
  /** Users that one message can mention. */
  mentionsMax: MENTIONS_MAX,
  /** Different emoji that one message can have as reactions. */
  reactionKindsMax: REACTION_KINDS_MAX,
  /** Members of a group. */
  groupMembersMax: GROUP_MEMBERS_MAX,
  /** Members that a group can be created with; more are added one by one. */
  namedMembersMax: NAMED_MEMBERS_MAX,
  /** The longest pause between two messages of a member that slow mode can ask for, in seconds. */
  slowModeMaxSeconds: SLOW_MODE_MAX_SECONDS,
  /** Joined conversations that one ping proves to be up to date; more of them take more pings. */
  pingPositionsMax: PING_POSITIONS_MAX,
  /** Entries that one page of a log can be asked for. */
  historyLimitMax: HISTORY_LIMIT_MAX,
  /** Conversations that one page of your list can be asked for. */
  conversationsLimitMax: CONVERSATIONS_LIMIT_MAX,
  /** Members that one page of a conversation's members can be asked for. */
  membersLimitMax: MEMBERS_LIMIT_MAX,
} as const;

/** The roles in a conversation, from the one that may do least to the one that may do most. */
export const roles = ROLES;

/**
 * Whether a text can be a user's id, which is the `sub` of a token: 1 to 255 printable characters of ASCII, and not
 * `system`.
 *
 * @example
 * ```ts
 * isUserId('alice@example.com'); // true
 * ```
 */
export function isUserId(text: string): boolean {
  return USER_ID.test(text);
}

/**
 * Whether a text can be a conversation's id: 1 to 64 letters, digits and `_ . : -`, beginning with a letter or a digit.
 *
 * @example
 * ```ts
 * isConversationId('general'); // true
 * ```
 */
export function isConversationId(text: string): boolean {
  return CONVERSATION_ID.test(text);
}

/**
 * Whether a text can be chosen as the id of a new channel: a conversation's id without a colon.
 *
 * @example
 * ```ts
 * isChannelId('design-team'); // true
 * ```
 */
export function isChannelId(text: string): boolean {
  return CHANNEL_ID.test(text);
}
