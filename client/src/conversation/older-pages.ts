import type { Commands } from '../connection/commands.ts';
import { entriesOf } from '../connection/frames.ts';
import { ChatError } from '../errors.ts';
import type { LogView } from '../log/log-view.ts';
import type { Message } from '../protocol.ts';

/** What `OlderPages` works with, and whom it tells. */
export interface OlderPagesOptions {
  readonly conversationId: string;
  readonly view: LogView;
  readonly commands: Commands;
  /** The copy now begins with these messages, if there were any. */
  onLoaded(messages: readonly Message[]): void;
}

interface Loaded {
  readonly added: number;
  readonly hasOlder: boolean;
}

/** Extends the copy of the log towards its beginning, one page at a time. */
export class OlderPages {
  readonly #options: OlderPagesOptions;
  #loading: Promise<Loaded> | undefined;

  constructor(options: OlderPagesOptions) {
    this.#options = options;
  }

  /** Entries before the copy exist. */
  get exist(): boolean {
    const { view } = this.#options;
    return view.ready && view.base > 0;
  }

  /** Whoever asks while a page is being loaded gets that one. Rejects with `not-joined` if there is no copy yet. */
  load(limit: number): Promise<Loaded> {
    this.#loading ??= this.#load(limit).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(limit: number): Promise<Loaded> {
    const { commands, conversationId, onLoaded, view } = this.#options;
    if (!view.ready) {
      const message = 'unable to load older messages; join the conversation first';
      throw new ChatError({ code: 'not-joined', message, retryable: false });
    }
    if (view.base === 0) return { added: 0, hasOlder: false };
    view.beginFetch();
    try {
      const page = await commands.call('history', { conversationId, before: view.base + 1, limit });
      const added = view.prepend(entriesOf(page), page.hasMore);
      onLoaded(added);
      return { added: added.length, hasOlder: this.exist };
    } finally {
      view.endFetch();
    }
  }
}
