import type { Member } from '@parley/client';
import { type RefObject, useId, useState } from 'react';
import { mentionQuery } from '../text/mentions.ts';

const SHOWN_MAX = 6;

export interface Mention {
  readonly listId: string;
  readonly candidates: readonly Member[];
  readonly index: number;
  readonly fieldProps: Readonly<Record<string, string | boolean>>;
  /** The text or the caret has changed. */
  look(): void;
  choose(userId: string): void;
  /** Whether the key was meant for the list. */
  onKeyDown(key: string): boolean;
}

/** Completes `@na…` in the message field with a member's id. */
export function useMention(
  field: RefObject<HTMLTextAreaElement | null>,
  text: string,
  setText: (text: string) => void,
  members: readonly Member[],
): Mention {
  const listId = useId();
  const [query, setQuery] = useState<string>();
  const [index, setIndex] = useState(0);
  const wanted = query?.toLowerCase();
  const candidates =
    wanted === undefined
      ? []
      : members.filter(({ userId }) => userId.toLowerCase().startsWith(wanted)).slice(0, SHOWN_MAX);
  const open = candidates.length > 0;

  const look = () =>
    requestAnimationFrame(() => {
      const { current } = field;
      if (!current) return;
      setQuery(mentionQuery(current.value.slice(0, current.selectionStart)));
      setIndex(0);
    });

  const choose = (userId: string) => {
    const caret = field.current?.selectionStart ?? text.length;
    const start = caret - (query?.length ?? 0);
    setText(`${text.slice(0, start)}${userId} ${text.slice(caret)}`);
    setQuery(undefined);
    field.current?.focus();
    requestAnimationFrame(() => field.current?.setSelectionRange(start + userId.length + 1, start + userId.length + 1));
  };

  const onKeyDown = (key: string): boolean => {
    const chosen = candidates[index];
    if (!chosen) return false;
    if (key === 'Escape') setQuery(undefined);
    else if (key === 'Enter' || key === 'Tab') choose(chosen.userId);
    else if (key === 'ArrowDown') setIndex((index + 1) % candidates.length);
    else if (key === 'ArrowUp') setIndex((index + candidates.length - 1) % candidates.length);
    else return false;
    return true;
  };

  const fieldProps = {
    'aria-autocomplete': 'list',
    ...(open && { 'aria-controls': listId, 'aria-activedescendant': `${listId}-${index}` }),
  };
  return { listId, candidates, index, fieldProps, look, choose, onKeyDown };
}
