import type { ChatMessage } from '@parley/client';

/** What is being written: an answer to a message, or other words for it. */
export interface Mode {
  readonly kind: 'reply' | 'edit';
  readonly message: ChatMessage;
}
