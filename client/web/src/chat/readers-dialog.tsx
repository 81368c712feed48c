import type { ChatMessage } from '@parley/client';
import { Avatar } from '../parts/avatar.tsx';
import { Modal } from '../parts/modal.tsx';
import { nameOf } from '../text/names.ts';
import { useReaders } from './use-readers.ts';

interface ReadersDialogProps {
  readonly message: ChatMessage;
  onClose(): void;
}

/** Everyone who has read a message, and everyone who has not. */
export function ReadersDialog({ message, onClose }: ReadersDialogProps) {
  const { readers, missing = [] } = useReaders(message.seq);
  return (
    <Modal title="Who has read this message" onClose={onClose}>
      <Names title="Read by" userIds={readers} none="Nobody has read it yet." />
      {missing.length > 0 && <Names title="Not yet read by" userIds={missing} />}
    </Modal>
  );
}

interface NamesProps {
  readonly title: string;
  readonly userIds: readonly string[];
  readonly none?: string;
}

function Names({ title, userIds, none }: NamesProps) {
  return (
    <section className="readers" aria-label={title}>
      <h3 className="quiet small">{title}</h3>
      {userIds.length === 0 && <p>{none}</p>}
      <ul>
        {userIds.map((userId) => (
          <li key={userId}>
            <Avatar name={nameOf(userId)} size="small" />
            <bdi>{nameOf(userId)}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}
