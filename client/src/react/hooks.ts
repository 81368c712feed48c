import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { Client } from '../api/client.ts';
import type { Conversation } from '../api/conversation.ts';
import type { OnlineUser } from '../api/conversation-events.ts';
import type { ChatMessage } from '../api/message.ts';
import type { ConnectionState, StateChange } from '../connection/states.ts';

/** What `useConnection` gives. */
export interface ConnectionView {
  /** What the connection is doing. */
  readonly state: ConnectionState;
  /** Its last change; undefined until there is one. */
  readonly change: StateChange | undefined;
}

/** What `useMessages` gives. */
export interface MessagesView {
  /** What is held of the log, then what is in the outbox. The same array until something changes. */
  readonly messages: readonly ChatMessage[];
  /** Older messages can be loaded. */
  readonly hasOlder: boolean;
  /** As `loadOlder` of the conversation; the same function for the same conversation. */
  readonly loadOlder: (limit?: number) => Promise<{ added: number; hasOlder: boolean }>;
}

/** What `useTyping` gives. */
export interface TypingView {
  /** The user ids of those who are typing, without you. */
  readonly userIds: readonly string[];
  /** Call it with every keystroke; the same function for the same conversation. */
  readonly onKeystroke: (isTyping?: boolean) => void;
}

/**
 * What the connection is doing, and its last change: `change.retryIn` says how many milliseconds after it the next
 * attempt comes. Renders with every change.
 *
 * @example
 * ```tsx
 * function Banner() {
 *   const { state, change } = useConnection(client);
 *   return state === 'connected' ? null : <p>{state} {change?.reason}</p>;
 * }
 * ```
 */
export function useConnection(client: Client): ConnectionView {
  const subscribe = useCallback(
    (changed: () => void) =>
      client.on('state', (change) => {
        lastChanges.set(client, change);
        changed();
      }),
    [client],
  );
  const read = () => client.state;
  // Changes within one state, such as a new `retryIn`, render too.
  useSyncExternalStore(
    subscribe,
    () => lastChanges.get(client),
    () => undefined,
  );
  return { state: useSyncExternalStore(subscribe, read, read), change: lastChanges.get(client) };
}

/**
 * Joins a conversation while any component uses it, and leaves it a second after the last is gone, unless it was joined
 * already. Gives the handle; renders when anything about it changes. It throws nothing: `conversation.error` says why
 * it could not be joined.
 *
 * @example
 * ```tsx
 * function Title({ id }: { id: string }) {
 *   const conversation = useConversation(client, id);
 *   return <h1>{conversation.info?.name ?? id}</h1>;
 * }
 * ```
 */
export function useConversation(client: Client, conversationId: string): Conversation {
  const conversation = client.conversations.get(conversationId);
  useRevision(conversation);
  useEffect(() => hold(conversation), [conversation]);
  return conversation;
}

/**
 * The messages, and what pages through them. Every message that did not change is the same object as before, so a
 * memoised row renders only when it must.
 *
 * @example
 * ```tsx
 * function Messages() {
 *   const { messages, hasOlder, loadOlder } = useMessages(conversation);
 *   return (
 *     <ul>
 *       {hasOlder && <button onClick={() => void loadOlder()}>Older</button>}
 *       {messages.map((message) => <li key={message.key}>{message.content}</li>)}
 *     </ul>
 *   );
 * }
 * ```
 */
export function useMessages(conversation: Conversation): MessagesView {
  useRevision(conversation);
  const loadOlder = useCallback((limit?: number) => conversation.loadOlder(limit), [conversation]);
  return { messages: conversation.messages, hasOlder: conversation.hasOlder, loadOlder };
}

/**
 * The user ids of those who are typing, without you. Call `onKeystroke` with every keystroke, and with `false` when the
 * input is emptied.
 *
 * @example
 * ```tsx
 * function Composer() {
 *   const { userIds, onKeystroke } = useTyping(conversation);
 *   return <input placeholder={userIds.join(', ')} onChange={({ target }) => onKeystroke(target.value !== '')} />;
 * }
 * ```
 */
export function useTyping(conversation: Conversation): TypingView {
  useRevision(conversation);
  const onKeystroke = useCallback((isTyping = true) => conversation.sendTyping(isTyping), [conversation]);
  return { userIds: conversation.typing, onKeystroke };
}

/**
 * Who is online, as far as the server names them.
 *
 * @example
 * ```tsx
 * function Online() {
 *   return <p>{usePresence(conversation).map(({ userId, status }) => `${userId} (${status})`).join(', ')}</p>;
 * }
 * ```
 */
export function usePresence(conversation: Conversation): readonly OnlineUser[] {
  useRevision(conversation);
  return conversation.online;
}

/** Time for a component that was unmounted to come back: React's strict mode, or a change of view. */
const LEAVE_AFTER_MS = 1_000;
const lastChanges = new WeakMap<Client, StateChange>();
const holders = new WeakMap<Conversation, { count: number; leaves: boolean }>();

function useRevision(conversation: Conversation): number {
  const subscribe = useCallback((changed: () => void) => conversation.on('change', changed), [conversation]);
  const read = () => conversation.revision;
  return useSyncExternalStore(subscribe, read, read);
}

/** Joins for a component; gives what to do when it is gone. */
function hold(conversation: Conversation): () => void {
  const holder = holders.get(conversation) ?? { count: 0, leaves: false };
  holders.set(conversation, holder);
  holder.count += 1;
  const { state } = conversation;
  if (state === 'idle' || state === 'ended') {
    holder.leaves = true;
    // A refusal is in `conversation.error`, which renders.
    conversation.join().catch(() => {});
  }
  return () => {
    holder.count -= 1;
    setTimeout(() => {
      if (holder.count > 0 || !holder.leaves) return;
      holder.leaves = false;
      void conversation.leave();
    }, LEAVE_AFTER_MS);
  };
}
