import * as z from 'zod';
import type { EntryData, EntryEvent } from '../../protocol/entries.ts';
import type { PermissionRule } from '../roles.ts';
import type { EntryHeader } from './entry-header.ts';

/** A number of things, or a place in a log. */
export const count = z.int().min(0);
/** ISO 8601. Read as it was written: a value that was once taken must not make a log unreadable. */
export const storedTime = z.string();

/** What a schema's value is to those who read it: nothing of it can be changed. */
export type Stored<T> = T extends readonly (infer Item)[]
  ? readonly Stored<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Stored<T[Key]> }
    : T;

/** Every field of what goes on the wire: one that is absent is given as `undefined`, so that none is forgotten. */
export type Every<Data> = { readonly [Key in keyof Required<Data>]: Stored<Required<Data>[Key]> | undefined };

/**
 * One kind of entry: what is stored of it, how it is sent, and its rules. Stored items, frames and permissions are made
 * from it. What a client makes of it is in `client/src/log/message-changes.ts`, which does not compile without it.
 */
export interface EntryKind<E extends EntryEvent, Body extends z.ZodObject, Permissions> {
  /** What is stored beside the header and the kind. */
  readonly body: Body;
  /** The `data` of its frame. `mine`: the emojis with which the viewer reacted to it, if it is a message. */
  readonly data: (entry: EntryHeader & Stored<z.output<Body>>, mine: ReadonlySet<string>) => Every<EntryData<E>>;
  /** Stored for the rules alone, and never sent. */
  readonly unsent?: readonly (keyof z.output<Body>)[];
  /** It is never refused because its conversation is too busy: removals, bans, mutes, roles, deletions, settings. */
  readonly exemptFromRate?: true;
  /** Which roles may do what makes such an entry (ROLE-1), by permission. */
  readonly permissions: Permissions;
}

/** A kind's record, as it is; so that its types are inferred and its frame is checked against the protocol's. */
export function entryKind<
  E extends EntryEvent,
  Body extends z.ZodObject,
  const Permissions extends Readonly<Record<string, PermissionRule>>,
>(_event: E, kind: EntryKind<E, Body, Permissions>): EntryKind<E, Body, Permissions> {
  return kind;
}

/** What the frame of every entry that is no message begins with. */
export function place({ conversationId, seq, at, n }: EntryHeader) {
  return { conversationId, seq, at, n };
}
