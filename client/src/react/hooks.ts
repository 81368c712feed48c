import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { ChatMessage, Client, Conversation, OnlineUser } from '../api.ts';
import type { ConnectionState, StateChange } from '../connection/states.ts';

/** What the connection is doing; `retryIn` milliseconds after the last change it tries again. */
export function useConnection(client: Client): { state: ConnectionState; change: StateChange | undefined } {
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
 * Joins a conversation while any component uses it, and leaves it a moment after the last is gone, unless it was joined
 * already. Gives the handle; renders when anything about it changes. `conversation.error` says why it could not be joined.
 */
export function useConversation(client: Client, conversationId: string): Conversation {
  const conversation = client.conversations.get(conversationId);
  useRevision(conversation);
  useEffect(() => hold(conversation), [conversation]);
  return conversation;
}

/** The messages, and what pages through them. Every message that did not change is the same object as before. */
export function useMessages(conversation: Conversation): {
  messages: readonly ChatMessage[];
  hasOlder: boolean;
  loadOlder: Conversation['loadOlder'];
} {
  useRevision(conversation);
  const loadOlder = useCallback((limit?: number) => conversation.loadOlder(limit), [conversation]);
  return { messages: conversation.messages, hasOlder: conversation.hasOlder, loadOlder };
}

/** Who is typing, without you; call `onKeystroke` as you type. */
export function useTyping(conversation: Conversation): {
  userIds: readonly string[];
  onKeystroke: (isTyping?: boolean) => void;
} {
  useRevision(conversation);
  const onKeystroke = useCallback((isTyping = true) => conversation.sendTyping(isTyping), [conversation]);
  return { userIds: conversation.typing, onKeystroke };
}

/** Who is online. */
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
