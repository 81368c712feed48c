import { HISTORY_LIMIT_MAX } from '../../../shared/protocol/limits.ts';
import type { Commands } from '../connection/commands.ts';
import { entriesOf } from '../connection/frames.ts';
import type { Link } from '../connection/link.ts';
import { asChatError } from '../errors.ts';
import type { LogView } from '../log/log-view.ts';
import type { Message } from '../protocol.ts';
import type { Outbox } from './outbox.ts';
import type { OutboxItem } from './storage.ts';

/** What a `SendPosition` works with, and whom it tells. */
export interface SendPositionOptions {
  readonly conversationId: string;
  readonly outbox: Outbox;
  readonly view: LogView;
  readonly commands: Commands;
  /** A message was read that may be one of the outbox's. */
  onRead(message: Message): void;
}

/** SEND-4: up to where the log is known not to hold a message. The server looks for its twin from there on. */
export class SendPosition {
  readonly #options: SendPositionOptions;

  constructor(options: SendPositionOptions) {
    this.#options = options;
  }

  /**
   * The `after` to send an item with; undefined: it is not to be sent, or not by this tab. A first try may name the head
   * as it is. Storage is looked at after the head is known, and the head stored before anything is sent: so whoever has
   * sent the item before, another tab or this one, has stored an older `after`, which then counts. A message is thus
   * found by the server however late, and whoever sends it again.
   *
   * Later tries rise only as far as the log was read and the message not seen. The copy has been looked through with
   * this item at hand, since it was loaded or written before. Rejects as `Commands.on` does.
   */
  async after(item: OutboxItem, link: Link): Promise<number | undefined> {
    const { commands, conversationId, outbox, view } = this.#options;
    let head: number | undefined;
    if (item.after === undefined) {
      head = view.verified ? view.knownHead : (await commands.on(link, 'history', { conversationId, limit: 1 })).head;
    }
    let current = await outbox.claim(item, head !== undefined);
    if (head !== undefined && current && current.after === undefined && !current.failure) {
      await outbox.put({ ...current, after: head });
      // Discarded or taken away meanwhile, it is not sent.
      current = outbox.get(item.clientMessageId);
    }
    const after = current?.failure ? undefined : current?.after;
    return after !== undefined && view.verified && view.base <= after ? Math.max(after, view.position) : after;
  }

  /**
   * After `behind`: reads the log from where the item was last known to be missing, so that it can be sent again from
   * its end. Gives how long to wait before the next try, in milliseconds. Never rejects.
   */
  async search(item: OutboxItem, link: Link): Promise<number> {
    const { commands, conversationId, onRead, outbox } = this.#options;
    try {
      for (let after = item.after ?? 0, more = true; more; ) {
        const page = await commands.on(link, 'history', { conversationId, after, limit: HISTORY_LIMIT_MAX });
        for (const frame of entriesOf(page)) {
          after = frame.data.seq;
          if (frame.event === 'receive-message') onRead(frame.data);
        }
        const current = outbox.get(item.clientMessageId);
        if (!current) return 0;
        void outbox.put({ ...current, after });
        more = page.hasMore && page.entries.length > 0;
      }
      return 0;
    } catch (error) {
      return link.down ? 0 : commands.delayOf(asChatError(error), 1);
    }
  }
}
