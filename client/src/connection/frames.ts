import type { EntryFrame, EphemeralFrame, ErrorData, Message } from '../protocol.ts';

/** A frame from the server, of any kind: its envelope is checked, its `data` is as the server wrote it. */
export interface Frame {
  readonly event: string;
  readonly requestId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The frames that the client handles by name. A later protocol may send others. */
type KnownFrame =
  | EntryFrame
  | EphemeralFrame
  | { event: 'message-sent'; data: Message }
  | { event: 'error' | 'message-error'; data: ErrorData };

/** Whether a frame is this event; from here on its `data` is what the protocol says of it. */
export function isEvent<E extends KnownFrame['event']>(
  frame: Frame,
  event: E,
): frame is Frame & Extract<KnownFrame, { event: E }> {
  return frame.event === event;
}

/** Whether a frame says that a command failed. */
export function isFailure(frame: Frame): frame is Frame & { data: ErrorData } {
  return frame.event === 'error' || frame.event === 'message-error';
}

/**
 * The frames in a socket's message: one, or those of a batch (ENV-6). What is not an event with data is the gateway's
 * own, or nobody's (ENV-3); it is left out.
 */
export function framesIn(text: unknown): Frame[] {
  const frame = asFrame(parsed(text));
  if (!frame) return [];
  const { frames } = frame.data;
  if (frame.event !== 'batch' || !Array.isArray(frames)) return [frame];
  return frames.flatMap((each: unknown) => asFrame(each) ?? []);
}

/**
 * Whether a frame is a durable entry: one with a place in its conversation's log. Told by its shape, so that an event
 * of a later protocol still takes its place and leaves no hole.
 */
export function isEntry(frame: { readonly event: string; readonly data: object }): frame is EntryFrame {
  const { seq, n }: { seq?: unknown; n?: unknown } = frame.data;
  return typeof seq === 'number' && typeof n === 'number' && frame.event !== 'message-sent';
}

/** The entries of a page, ascending. */
export function entriesOf(page: { readonly entries: readonly { event: string; data: object }[] }): EntryFrame[] {
  return page.entries.filter(isEntry);
}

function asFrame(value: unknown): Frame | undefined {
  const frame = value as Partial<Frame> | null;
  return typeof frame?.event === 'string' && typeof frame.data === 'object' && frame.data !== null
    ? (frame as Frame)
    : undefined;
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
