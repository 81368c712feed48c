import type { Conversation } from '@parley/client';
import { useEffect, useState } from 'react';

/** Why the user is no longer in a conversation. */
export type Exclusion = 'banned' | 'removed' | 'left';

export interface Standing {
  /** Undefined while the user is in the conversation, as far as is known. */
  readonly exclusion: Exclusion | undefined;
  /** ISO 8601, in the future; undefined if the user may write. */
  readonly mutedUntil: string | undefined;
}

/** `setTimeout` waits no longer than this. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Whether the user may still read and write here. It changes with the log, without waiting for a refusal. */
export function useStanding(conversation: Conversation, me: string): Standing {
  const [exclusion, setExclusion] = useState<Exclusion>();

  useEffect(() => {
    const offs = [
      conversation.on('entry', ({ event, data }) => {
        if (event === 'member-left' && data.userId === me) setExclusion(data.by === me ? 'left' : 'removed');
        if (event === 'member-updated' && data.userId === me && data.banned) setExclusion('banned');
      }),
      conversation.on('state', ({ current }) => current === 'live' && setExclusion(undefined)),
    ];
    return () => {
      for (const off of offs) off();
    };
  }, [conversation, me]);

  return { exclusion, mutedUntil: useFuture(conversation.mutedUntil) };
}

/** The time, as long as it lies ahead. */
function useFuture(time: string | undefined): string | undefined {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    if (time === undefined) return;
    const end = () => setNow(Date.now());
    const timer = setTimeout(end, Math.min(Math.max(0, Date.parse(time) - Date.now()) + 1, TIMER_MAX_MS));
    return () => clearTimeout(timer);
  }, [time]);
  return time !== undefined && Date.parse(time) > now ? time : undefined;
}
