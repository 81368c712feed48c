import type { ChatMessage } from '@parley/client';
import { clockOf } from '../../src/text/time.ts';
import type { Notice } from '../wire/notices.ts';

const QUOTE_LENGTH = 120;

/** Says in words what changed about members or settings. */
export function noticeText(notice: Notice): string {
  switch (notice.event) {
    case 'member-joined': {
      const { by, userId } = notice.data;
      return by === userId ? `${userId} joined` : `${userId} was added by ${by}`;
    }
    case 'member-left': {
      const { by, userId } = notice.data;
      return by === userId ? `${userId} left` : `${userId} was removed by ${by}`;
    }
    case 'conversation-updated': {
      const { by, changes } = notice.data;
      const name = changes.name === undefined ? [] : [`name “${changes.name}”`];
      const slow = changes.slowModeSeconds === undefined ? [] : [`slow mode ${changes.slowModeSeconds} s`];
      return `${by} set ${[...name, ...slow].join(' and ') || 'nothing new'}`;
    }
    case 'member-updated': {
      const { banned, by, mutedUntil, role, userId } = notice.data;
      const mute = mutedUntil ? `muted until ${clockOf(mutedUntil)}` : 'unmuted';
      const changes = [
        ...(role ? [role] : []),
        ...(mutedUntil === undefined ? [] : [mute]),
        ...(banned === undefined ? [] : [banned ? 'banned' : 'no longer banned']),
      ];
      return `${userId} is now ${changes.join(', ')}${by === userId ? '' : `, by ${by}`}`;
    }
  }
}

/** The message that another one answers, in one line; only its seq if it is not loaded. */
export function quoteOf(message: ChatMessage | undefined, seq: number): string {
  if (!message) return `#${seq}`;
  const text = message.deletedAt === undefined ? (message.content ?? '') : 'deleted message';
  const characters = [...text.replaceAll('\n', ' ')];
  const more = characters.length > QUOTE_LENGTH ? '…' : '';
  return `${message.senderId}: ${characters.slice(0, QUOTE_LENGTH).join('')}${more}`;
}
