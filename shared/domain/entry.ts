import type * as z from 'zod';
import type { EntryEvent } from '../protocol/entries.ts';
import { conversationKinds } from './entries/conversation.ts';
import type { EntryHeader } from './entries/entry-header.ts';
import type { EntryKind, Stored } from './entries/entry-kind.ts';
import { memberKinds } from './entries/members.ts';
import { messageKinds } from './entries/messages.ts';
import { reactionKinds } from './entries/reactions.ts';

export type { EntryHeader, RunningState } from './entries/entry-header.ts';

/** Every kind of entry, by its event's name. One that the protocol knows and that is missing here does not compile. */
export const entryKinds = {
  ...messageKinds,
  ...reactionKinds,
  ...memberKinds,
  ...conversationKinds,
} as const satisfies { [E in EntryEvent]: EntryKind<E, z.ZodObject, object> };

type Kinds = typeof entryKinds;

/** What is stored of an entry of this kind, beside its header. */
export type BodyOf<E extends EntryEvent> = { readonly kind: E } & Stored<z.output<Kinds[E]['body']>>;
export type EntryBody = { [E in EntryEvent]: BodyOf<E> }[EntryEvent];

/** One durable thing that happened in a conversation, as it is stored. */
export type Entry = { [E in EntryEvent]: EntryHeader & BodyOf<E> }[EntryEvent];
export type MessageBody = BodyOf<'receive-message'>;
export type MessageEntry = EntryHeader & MessageBody;

/** The id by which a sender's second try is recognised (SEND-3). */
export function dedupeId(entry: EntryHeader): string | undefined {
  return entry.clientMessageId ?? entry.requestId;
}

export function isMessage(entry: Entry | undefined): entry is MessageEntry {
  return entry?.kind === 'receive-message';
}
