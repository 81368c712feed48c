import type { Action, CommandFields, ReplyData, ReplyingAction } from '../../shared/protocol/actions.ts';
import type { EntryEvent, EntryFrame } from '../../shared/protocol/entries.ts';
import type { ErrorCode, ErrorData, ErrorDetail } from '../../shared/protocol/errors.ts';
import type { EphemeralFrame } from '../../shared/protocol/events.ts';
import type { ConversationKind, Role, Status } from '../../shared/protocol/identifiers.ts';
import type {
  Conversation,
  LastMessage,
  ListedConversation,
  Mark,
  Member,
  Message,
} from '../../shared/protocol/shapes.ts';

/** What the client knows of the wire: types only, so that no schema library ends up in an application's bundle. */
export type {
  Action,
  CommandFields,
  Conversation as ConversationInfo,
  ConversationKind,
  EntryEvent,
  EntryFrame,
  EphemeralFrame,
  ErrorCode,
  ErrorData,
  ErrorDetail,
  LastMessage,
  ListedConversation,
  Mark,
  Member,
  Message,
  ReplyData,
  ReplyingAction,
  Role,
  Status,
};

/** The entry that a command appended; or `unchanged: true`, without `seq`, `at` and `n`, if it changed nothing (RETRY-1). */
export type Edited = ReplyData<'edit-message'>;
export type Deleted = ReplyData<'delete-message'>;
export type ReactionAdded = ReplyData<'add-reaction'>;
export type ReactionRemoved = ReplyData<'remove-reaction'>;
export type MemberJoined = ReplyData<'add-member'>;
export type MemberLeft = ReplyData<'remove-member'>;
export type MemberUpdated = ReplyData<'update-member'>;
export type ConversationUpdated = ReplyData<'update-conversation'>;
export type ConversationsPage = ReplyData<'list-conversations'>;
export type MembersPage = ReplyData<'list-members'>;
export type Marked = ReplyData<'mark'>;
export type Pong = ReplyData<'ping'>;
export type Joined = ReplyData<'join'>;
/** What `create` takes: a channel, a group or a direct conversation (CONV-1). */
export type NewConversation = CommandFields<'create-conversation'>;
