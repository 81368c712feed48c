import * as z from 'zod';
import { type EntryEvent, entryData, unchangedData } from '../entries.ts';
import type { ErrorCode } from '../errors.ts';
import type { EphemeralEvent, ErrorEvent } from '../events.ts';

/** What an action is about; the console and the docs group by it. */
type Subject = 'Messages' | 'Rooms' | 'Conversations' | 'Members' | 'Connection';

/** What an example frame may name. */
export interface ExampleContext {
  readonly conversationId: string;
  /** Of the newest message. */
  readonly seq: number;
  /** Up to where the log is held. */
  readonly position: number;
  /** The sender's own user id. */
  readonly me: string;
  /** Some other user's id. */
  readonly other: string;
  /** Unique; fit for a `clientMessageId`. */
  readonly id: string;
  readonly now: Date;
}

/** A frame that a client may send, without `action` and `requestId`. */
interface Example<Fields> {
  /** Tells it from the action's other examples. */
  readonly variant?: string;
  readonly fields: (context: ExampleContext) => Fields;
}

/** The reply to an action that succeeded. It also carries the command's `requestId`, if that had one. */
export interface ReplyRecord {
  readonly event: string;
  readonly data: z.ZodType;
}

/** Where an action is found over HTTP. `path` is a template such as `/v1/conversations/{conversationId}`. */
interface HttpBinding {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
}

/**
 * One action of the protocol: all that is known about it. Parsing, replies, errors, AsyncAPI, the console's examples, the
 * SDK's types and the tables of docs/protocol.md are made from it.
 */
export interface ActionRecord<
  Fields extends z.ZodType = z.ZodType,
  Reply extends ReplyRecord | null = ReplyRecord | null,
  Route extends 'own' | '$default' = 'own' | '$default',
> {
  readonly subject: Subject;
  /** What a client asks for, as a sentence that begins with a verb. */
  readonly summary: string;
  /** What could not be done, in an error's message: "unable to <does>; <reason>". */
  readonly does: string;
  /** `own`: a route and a Lambda function of its own. Every other action is the `command` function's. */
  readonly route: Route;
  /** The fields beside `action` and `requestId`. Unknown ones are refused (ENV-5). */
  readonly fields: Fields;
  /** Null: a success has no reply (ENV-4). */
  readonly reply: Reply;
  readonly errorEvent: ErrorEvent;
  /** The codes that it can be refused with, beside those of every command (ERR-1). A test reaches each. */
  readonly errors: readonly ErrorCode[];
  /** The events that others get when it succeeds. */
  readonly pushes: readonly (EntryEvent | EphemeralEvent)[];
  /** The ids of the rules in docs/protocol.md that say more. */
  readonly rules: readonly string[];
  /** CONN-3: it still works in the minute after the token's end. */
  readonly worksInGrace?: true;
  readonly examples: readonly Example<z.input<Fields>>[];
  /** Its place in the REST API; an action without one is for sockets alone. */
  readonly http?: HttpBinding;
}

/** What every command on a conversation may get from AUTH-1 and ROLE-1. */
export const NO_ACCESS = ['forbidden', 'not-joined', 'conversation-not-found'] as const satisfies readonly ErrorCode[];

/** An action's record, as it is; so that its types are inferred and its examples are checked against its fields. */
export function action<
  Fields extends z.ZodType,
  const Reply extends ReplyRecord | null,
  const Route extends 'own' | '$default',
>(record: ActionRecord<Fields, Reply, Route>): ActionRecord<Fields, Reply, Route> {
  return record;
}

/** The reply to a command that appends: its entry, or the state as it is and `unchanged: true` (LOG-3, RETRY-1). */
export function entryOrUnchanged<E extends Exclude<EntryEvent, 'receive-message'>>(event: E) {
  // Not `.or`, a method: for an `event` of any kind it would be typed as the union of all entries.
  return { event, data: z.union([entryData[event], unchangedData[event]]) } as const;
}
