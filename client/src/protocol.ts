import type * as actions from '../../shared/protocol/actions.ts';
import type * as entries from '../../shared/protocol/entries.ts';
import type * as errors from '../../shared/protocol/errors.ts';
import type * as events from '../../shared/protocol/events.ts';
import type * as identifiers from '../../shared/protocol/identifiers.ts';
import type * as shapes from '../../shared/protocol/shapes.ts';

// What the client knows of the wire: types only, so that no schema library ends up in an application's bundle. The
// package is built with these types written out. Those with a doc line are exported from it.

export type Action = actions.Action;
export type ReplyingAction = actions.ReplyingAction;
export type CommandFields<A extends Action> = actions.CommandFields<A>;
export type ReplyData<A extends ReplyingAction> = actions.ReplyData<A>;
export type EphemeralFrame = events.EphemeralFrame;

export type Marked = ReplyData<'mark'>;
export type Pong = ReplyData<'ping'>;
export type Joined = ReplyData<'join'>;
export type UnreadCount = shapes.UnreadCount;

/** What the server says when it refuses a command. `message` reads "unable to <do>; <reason>". */
export type ErrorData = errors.ErrorData;
/** The protocol's error codes. */
export type ErrorCode = errors.ErrorCode;
/** A field that was refused, and why. */
export type ErrorDetail = errors.ErrorDetail;
/** What kind of conversation it is: open to whoever knows its id, by invitation, or between two users. */
export type ConversationKind = identifiers.ConversationKind;
/** What a member may do; `roles` has them in order. */
export type Role = identifiers.Role;
/** What a user wants to be seen as. */
export type Status = identifiers.Status;

/**
 * A message as the log has it. `n`: messages up to and including this one; `rev`: the seq of the last entry that
 * changed it. Times are ISO 8601 in UTC. A deleted one has `deletedAt` and no `content`.
 */
export type Message = entries.Message;
/** A conversation: kind, name and the like. `epoch` changes when its log is restored from a backup. */
export type ConversationInfo = shapes.Conversation;
/**
 * A conversation in your list: with your role, the head of its log, and the number of messages that you have not read,
 * or with `unreadAtMost` the most that it may be.
 */
export type ListedConversation = shapes.ListedConversation;
/** The newest message of a conversation in your list; its `content` is cut to 100 code points. */
export type LastMessage = shapes.LastMessage;
/** A member of a conversation, and how far that member has received and read. */
export type Member = shapes.Member;
/** How far a user has received and read, as seqs. */
export type Mark = shapes.Mark;

/** The names of the entries of a log. */
export type EntryEvent = entries.EntryEvent;
/** An entry of a log, by its event: a message, an edit, a deletion, a reaction, or a change of members or settings. */
export type EntryFrame = entries.EntryFrame;

/** The entry that `edit` appended; or `unchanged: true`, without `seq`, `at` and `n`, if nothing changed (RETRY-1). */
export type Edited = ReplyData<'edit-message'>;
/** The entry that `delete` appended; or `unchanged: true`, without `seq`, `at` and `n`, if nothing changed. */
export type Deleted = ReplyData<'delete-message'>;
/** The entry that `react` appended; or `unchanged: true`, without `seq`, `at` and `n`, if nothing changed. */
export type ReactionAdded = ReplyData<'add-reaction'>;
/** The entry that `unreact` appended; or `unchanged: true`, without `seq`, `at` and `n`, if nothing changed. */
export type ReactionRemoved = ReplyData<'remove-reaction'>;
/** The entry that `addMember` appended; or `unchanged: true`, without `seq`, `at` and `n`, if nothing changed. */
export type MemberJoined = ReplyData<'add-member'>;
/** The entry that `removeMember` appended; or `unchanged: true`, without `seq`, `at` and `n`, if nothing changed. */
export type MemberLeft = ReplyData<'remove-member'>;
/** The entry that `updateMember` appended; or `unchanged: true`, without `seq`, `at` and `n`, if nothing changed. */
export type MemberUpdated = ReplyData<'update-member'>;
/** The entry that `update` appended; or `unchanged: true`, without `seq`, `at` and `n`, if nothing changed. */
export type ConversationUpdated = ReplyData<'update-conversation'>;
/** A page of your conversations; without `cursor` it is the last. */
export type ConversationsPage = ReplyData<'list-conversations'>;
/** A page of a conversation's members; without `cursor` it is the last. */
export type MembersPage = ReplyData<'list-members'>;
/** What `create` takes: a channel, a group or a direct conversation (CONV-1). */
export type NewConversation = CommandFields<'create-conversation'>;
