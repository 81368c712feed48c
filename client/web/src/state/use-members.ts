import { type Conversation, limits, type Member } from '@parley/client';
import { useCallback, useEffect, useMemo, useState } from 'react';

/** A larger conversation shows only this many. */
const MEMBERS_MAX = 300;

export interface Members {
  readonly members: readonly Member[];
  readonly complete: boolean;
  readonly loading: boolean;
  readonly error: unknown;
  refresh(): void;
}

/** The members of a conversation. Reads them again when the log says that they changed, or an unknown user shows up. */
export function useMembers(conversation: Conversation): Members {
  const [state, setState] = useState<Omit<Members, 'refresh'>>(EMPTY);
  const [version, setVersion] = useState(0);
  const refresh = useCallback(() => setVersion((current) => current + 1), []);

  const live = conversation.state === 'live';
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` asks for another reading
  useEffect(() => {
    if (!live) return;
    let current = true;
    setState((before) => (before.loading ? before : { ...before, loading: true }));
    read(conversation).then(
      (result) => current && setState({ ...result, loading: false, error: undefined }),
      (error: unknown) => current && setState((before) => ({ ...before, loading: false, error })),
    );
    return () => {
      current = false;
    };
  }, [conversation, version, live]);

  useEffect(
    () => conversation.on('entry', ({ event }) => event.startsWith('member-') && refresh()),
    [conversation, refresh],
  );
  const { members, complete } = state;
  useEffect(() => {
    // A user who joins a channel becomes a member without an entry in the log (JOIN-3).
    const known = new Set(members.map(({ userId }) => userId));
    return conversation.on('presence', ({ userId }) => complete && !known.has(userId) && refresh());
  }, [conversation, members, complete, refresh]);

  return useMemo(() => ({ ...state, refresh }), [state, refresh]);
}

const EMPTY = { members: [], complete: false, loading: true, error: undefined };

async function read(conversation: Conversation): Promise<{ members: Member[]; complete: boolean }> {
  const members: Member[] = [];
  let cursor: string | undefined;
  do {
    const page = await conversation.members({ limit: limits.membersLimitMax, ...(cursor && { cursor }) });
    members.push(...page.items);
    cursor = page.cursor;
  } while (cursor && members.length < MEMBERS_MAX);
  return { members, complete: cursor === undefined };
}
