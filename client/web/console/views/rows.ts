import type { ChatMessage } from '@parley/client';
import { dayOf, sameDay } from '../../src/text/time.ts';
import type { Notice } from '../wire/notices.ts';

/** A line of the message list. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly text: string }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: Notice }
  /** With `follows` it stands under the name of the message before it. */
  | { readonly kind: 'message'; readonly key: string; readonly message: ChatMessage; readonly follows: boolean };

/** Messages by one sender within this time stand together under one name. */
const GROUP_MS = 300_000;

/**
 * The lines of the list: days, messages and the notices between them, then messages that are still being sent.
 * `notices` are ascending by seq. With `hasOlder` neither messages nor notices begin at the log's beginning.
 */
export function rowsOf(messages: readonly ChatMessage[], notices: readonly Notice[], hasOlder: boolean): Row[] {
  const from = hasOlder ? (messages[0]?.seq ?? 0) : 0;
  const left = notices.filter(({ data }) => data.seq > from);
  const rows: Row[] = [];
  let before: { at: string; senderId?: string } | undefined;

  function begin(at: string): void {
    if (before && sameDay(before.at, at)) return;
    rows.push({ kind: 'day', key: `day ${at}`, text: dayOf(at) });
    before = undefined;
  }
  function notify(until: number): void {
    while ((left[0]?.data.seq ?? until) < until) {
      const notice = left.shift() as Notice;
      const { at, seq } = notice.data;
      begin(at);
      rows.push({ kind: 'notice', key: `#${seq}`, notice });
      before = { at };
    }
  }
  for (const message of messages) {
    const { createdAt: at, key, senderId, seq } = message;
    notify(seq ?? Number.POSITIVE_INFINITY);
    begin(at);
    const follows = before?.senderId === senderId && Date.parse(at) - Date.parse(before.at) < GROUP_MS;
    rows.push({ kind: 'message', key, message, follows });
    before = { at, senderId };
  }
  notify(Number.POSITIVE_INFINITY);
  return rows;
}
