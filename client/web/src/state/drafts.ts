import { localStore } from './storage.ts';

/** What the user typed and did not send. */
export interface Draft {
  readonly text: string;
  /** The seq of the message that it answers. */
  readonly replyTo?: number | undefined;
}

const EMPTY: Draft = { text: '' };

/** What this user typed in this conversation and did not send, before a reload too. */
export function draftOf(userId: string, conversationId: string): Draft {
  const stored = localStore.get(keyOf(userId, conversationId));
  if (stored === undefined) return EMPTY;
  try {
    const { text, replyTo } = JSON.parse(stored) as { text?: unknown; replyTo?: unknown };
    return {
      text: typeof text === 'string' ? text : '',
      ...(typeof replyTo === 'number' && { replyTo }),
    };
  } catch {
    return EMPTY;
  }
}

export function keepDraft(userId: string, conversationId: string, draft: Draft): void {
  const key = keyOf(userId, conversationId);
  if (draft.text || draft.replyTo !== undefined) localStore.set(key, JSON.stringify(draft));
  else localStore.remove(key);
}

/** For signing out: the next user of this browser must not find them. */
export function forgetDrafts(userId: string): void {
  const prefix = keyOf(userId, '');
  for (const key of localStore.keys()) if (key.startsWith(prefix)) localStore.remove(key);
}

/** A space is in no conversation id, so no user's keys begin with another's. */
function keyOf(userId: string, conversationId: string): string {
  return `parley.draft ${encodeURIComponent(userId)} ${conversationId}`;
}
