export type { Client, ClientEvents, Conversations } from './api/client.ts';
export type { Conversation } from './api/conversation.ts';
export type { ConversationEvents, ConversationState, OnlineUser, PresenceChange } from './api/conversation-events.ts';
export type { ChatMessage, Draft, HistoryPage, MessageStatus } from './api/message.ts';
export type { ClientOptions } from './api/options.ts';
export { createClient } from './client.ts';
export type { ConnectionState, StateChange, StateReason, TokenReason } from './connection/states.ts';
export { contentError } from './conversation/validate.ts';
export { indexedDbCopies } from './copies/indexed-db.ts';
export { type CopyStorage, memoryCopies, type StoredCopies, type StoredCopy } from './copies/storage.ts';
export { ChatError, type ChatErrorCode } from './errors.ts';
export { isChannelId, isConversationId, isUserId, limits, roles } from './limits.ts';
export { indexedDbOutbox } from './outbox/indexed-db.ts';
export { memoryOutbox, type OutboxItem, type OutboxStorage } from './outbox/storage.ts';
export type { CallOptions, CallSignal } from './platform/abort.ts';
export type {
  ChatSocket,
  Clock,
  Lifecycle,
  LifecycleEvent,
  Locks,
  Off,
  SocketFactory,
  SocketHandler,
} from './platform/edges.ts';
export type { IndexedDb } from './platform/indexed-db.ts';
export type * from './protocol.ts';
