import type { ChatMessage } from '@parley/client';

/** What the user is writing: a reply to a message, or a new text for it. */
export interface Mode {
  readonly kind: 'reply' | 'edit';
  readonly message: ChatMessage;
}
