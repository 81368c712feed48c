import type { ChatMessage } from '@parley/client';
import { listOf, nameOf } from '../text/names.ts';
import { useActions } from './message-actions.tsx';
import { useReaders } from './use-readers.ts';

const NAMES_SHOWN = 3;

interface ReadByProps {
  readonly message: ChatMessage;
  readonly tabIndex: number;
}

/** Under the user's last message in a group: the names of those who have read it. Pressing it shows all of them. */
export function ReadBy({ message, tabIndex }: ReadByProps) {
  const { showReaders } = useActions();
  const { readers, everyone } = useReaders(message.seq);
  if (readers.length === 0) return null;
  const names = everyone && readers.length > NAMES_SHOWN ? 'everyone' : listOf(readers.map(nameOf), NAMES_SHOWN);
  return (
    <button type="button" className="read-by" tabIndex={tabIndex} onClick={() => showReaders(message)}>
      Read by <bdi>{names}</bdi>
    </button>
  );
}
