import { isMessage, type MessageEntry } from '../../domain/entry.ts';
import type { LogStore } from '../../domain/ports.ts';
import { Refusal } from '../../protocol/errors.ts';

/** The message that a command is about, as it is now; undefined if there is no message at that seq. */
export async function readTarget(
  log: LogStore,
  conversationId: string,
  seq: number,
): Promise<MessageEntry | undefined> {
  const entry = await log.entry(conversationId, seq);
  return isMessage(entry) ? entry : undefined;
}

/** Throws `message-not-found` if there is no such message. */
export function requireTarget(target: MessageEntry | undefined): MessageEntry {
  if (!target) throw new Refusal('message-not-found', 'there is no such message');
  return target;
}

/** A deleted message takes no more changes (EDIT-1). */
export function requireNotDeleted(target: MessageEntry): void {
  if (target.deletedAt !== undefined) throw new Refusal('conflict', 'the message is deleted');
}
