import type { Frame } from '../connection/frames.ts';
import { isEvent } from '../connection/frames.ts';
import { ChatError, type ChatErrorCode } from '../errors.ts';
import type { ConversationInfo } from '../protocol.ts';

/** How a user's access to a conversation ended: by a ban, or with the membership (removed, or left on any device). */
export type Exclusion = 'banned' | 'left';

/** The codes by which the server says that the user has no access (AUTH-1, JOIN-3). */
const NO_ACCESS: ReadonlySet<ChatErrorCode> = new Set(['conversation-not-found', 'forbidden', 'not-joined']);
/** CONV-1: the ids of groups and direct conversations, which do not show themselves to outsiders. */
const PRIVATE_ID = /^[dg]:/;

/** What this entry ends of `me`'s access; undefined if it is no such entry. */
export function exclusionOf(frame: Frame, me: string | undefined): Exclusion | undefined {
  if (me === undefined || frame.data.userId !== me) return undefined;
  if (isEvent(frame, 'member-left')) return 'left';
  return isEvent(frame, 'member-updated') && frame.data.banned === true ? 'banned' : undefined;
}

/** What the server would say to every command from now on (AUTH-1, JOIN-3). */
export function exclusionError(exclusion: Exclusion, id: string, info: ConversationInfo | undefined): ChatError {
  const hidden = info ? info.kind !== 'channel' : PRIVATE_ID.test(id);
  const code = hidden ? 'conversation-not-found' : exclusion === 'banned' ? 'forbidden' : 'not-joined';
  const reason = exclusion === 'banned' ? 'you are banned from it' : 'you are no member any more';
  return new ChatError({ code, message: `unable to use the conversation; ${reason}`, retryable: false });
}

/** Whether a refused join means that every other command would be refused too, until the user is a member again. */
export function meansNoAccess(error: ChatError): boolean {
  return NO_ACCESS.has(error.code);
}
