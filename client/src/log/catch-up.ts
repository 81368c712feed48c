import { HISTORY_LIMIT_MAX } from '../../../shared/protocol/limits.ts';
import type { Commands } from '../connection/commands.ts';
import { entriesOf } from '../connection/frames.ts';
import type { Link } from '../connection/link.ts';
import type { EntryFrame } from '../protocol.ts';
import type { LogView } from './log-view.ts';

/** What a `CatchUp` works with, and whom it tells. */
export interface CatchUpOptions {
  readonly conversationId: string;
  readonly view: LogView;
  readonly commands: Commands;
  /** Whether this link is still the one that is followed. */
  isOn(link: Link): boolean;
  /** Entries that are now applied, in order. */
  onEntries(entries: readonly EntryFrame[]): void;
}

/** Reads a log on, page by page, until nothing is known to be missing (LOG-5). */
export class CatchUp {
  readonly #options: CatchUpOptions;
  #reading: Promise<void> | undefined;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#reading !== undefined;
  }

  /** One at a time: whoever asks meanwhile waits for the same. Rejects as `Commands.on` does. */
  run(link: Link): Promise<void> {
    this.#reading ??= this.#read(link).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(link: Link): Promise<void> {
    const { commands, conversationId, isOn, onEntries, view } = this.#options;
    const { epoch } = view;
    view.beginFetch();
    try {
      while (view.behind) {
        const after = view.position;
        const page = await commands.on(link, 'history', { conversationId, after, limit: HISTORY_LIMIT_MAX });
        if (!isOn(link) || view.epoch !== epoch) return;
        view.noteHead(page.head);
        onEntries(view.extend(entriesOf(page)));
        if (view.position === after) return;
      }
    } finally {
      view.endFetch();
    }
  }
}
