import { Observable } from '../state/observable.ts';

export type Direction = 'in' | 'out';

/** A frame as it crossed the wire, without its token. */
export interface LoggedFrame {
  /** Counts from 1. */
  readonly id: number;
  readonly at: Date;
  readonly direction: Direction;
  readonly text: string;
  readonly bytes: number;
  /** A line that says what it is: the action or the event, and the code of an error. */
  readonly title: string;
  readonly isError: boolean;
}

const FRAMES_KEPT = 500;

/** The newest frames of both directions. */
export class FrameLog extends Observable {
  readonly #limit: number;
  #frames: readonly LoggedFrame[] = [];
  #count = 0;

  constructor(limit = FRAMES_KEPT) {
    super();
    this.#limit = limit;
  }

  /** Oldest first. The same array until something changes. */
  get frames(): readonly LoggedFrame[] {
    return this.#frames;
  }

  add(direction: Direction, text: string): void {
    this.#count += 1;
    const bytes = new TextEncoder().encode(text).length;
    const frame = { id: this.#count, at: new Date(), direction, text: withoutToken(text), bytes, ...describe(text) };
    this.#frames = [...this.#frames.slice(1 - this.#limit), frame];
    this.changed();
  }

  clear(): void {
    this.#frames = [];
    this.changed();
  }
}

/** Indented JSON, or the text itself if it is not JSON. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

interface AnyFrame {
  readonly action?: unknown;
  readonly event?: unknown;
  /** Frames from the gateway itself have only this (ENV-3). */
  readonly message?: unknown;
  readonly data?: { readonly code?: unknown; readonly frames?: readonly unknown[] };
}

function describe(text: string): Pick<LoggedFrame, 'title' | 'isError'> {
  try {
    const { action, event, message, data } = JSON.parse(text) as AnyFrame;
    const isError = event === 'error' || event === 'message-error';
    const frames = event === 'batch' ? ` of ${data?.frames?.length}` : '';
    const code = isError ? ` ${data?.code}` : '';
    return { title: `${action ?? event ?? message ?? 'no event'}${frames}${code}`, isError };
  } catch {
    return { title: 'not JSON', isError: false };
  }
}

/** Frames get copied into mails and bug reports, where a token would still open the account. */
function withoutToken(text: string): string {
  return text.replace(/("token"\s*:\s*")[^"]+"/g, '$1(not shown)"');
}
