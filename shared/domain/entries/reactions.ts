import * as z from 'zod';
import type { EntryData } from '../../protocol/entries.ts';
import { ALL } from '../roles.ts';
import type { EntryHeader } from './entry-header.ts';
import { count, entryKind, place } from './entry-kind.ts';

/** `count`: how many users have reacted with this emoji now. */
const body = z.object({ targetSeq: count, emoji: z.string(), count });

function data(entry: EntryHeader & Readonly<z.output<typeof body>>): EntryData<'reaction-added'> {
  const { targetSeq, emoji, senderId: userId, count } = entry;
  return { ...place(entry), targetSeq, emoji, userId, count };
}

export const reactionKinds = {
  'reaction-added': entryKind('reaction-added', {
    body,
    data,
    permissions: { react: { allows: 'react to messages, and take it back', roles: ALL } },
  }),
  'reaction-removed': entryKind('reaction-removed', { body, data, permissions: {} }),
};
