export type {
  ChatMessage,
  Client,
  ClientEvents,
  ClientOptions,
  Conversation,
  ConversationEvents,
  ConversationState,
  Conversations,
  Draft,
  HistoryPage,
  MessageStatus,
  OnlineUser,
  PresenceChange,
} from './api.ts';
export { createClient } from './client.ts';
export type { ConnectionState, StateChange, StateReason, TokenReason } from './connection/states.ts';
export { ChatError, type ChatErrorCode } from './errors.ts';
export { isChannelId, isConversationId, isUserId, limits, roles, userIdCharacters } from './limits.ts';
export { type IndexedDb, indexedDbOutbox } from './outbox/indexed-db.ts';
export { memoryOutbox, type OutboxItem, type OutboxStorage } from './outbox/outbox.ts';
export type { ChatSocket, Clock, Lifecycle, LifecycleEvent, SocketFactory } from './platform/edges.ts';
export type { Off } from './platform/emitter.ts';
export type {
  ConversationInfo,
  ConversationKind,
  ConversationsPage,
  ConversationUpdated,
  Deleted,
  Edited,
  EntryEvent,
  EntryFrame,
  ErrorCode,
  ErrorDetail,
  LastMessage,
  ListedConversation,
  Mark,
  Member,
  MemberJoined,
  MemberLeft,
  MembersPage,
  MemberUpdated,
  Message,
  NewConversation,
  ReactionAdded,
  ReactionRemoved,
  Role,
  Status,
} from './protocol.ts';
