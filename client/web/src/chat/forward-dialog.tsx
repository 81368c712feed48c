import type { ChatMessage } from '@parley/client';
import { Avatar } from '../parts/avatar.tsx';
import { Modal } from '../parts/modal.tsx';
import { useChat } from '../state/chat-context.ts';
import { useInbox } from '../state/use-inbox.ts';
import { navigate } from '../state/use-route.ts';
import { titleOf } from '../text/names.ts';

/** Asks which conversation to forward a message to (SEND-7), and opens it. */
export function ForwardDialog({ message, onClose }: { readonly message: ChatMessage; readonly onClose: () => void }) {
  const { session } = useChat();
  const { items } = useInbox();
  const { conversationId, seq } = message;
  return (
    <Modal title="Forward to" onClose={onClose}>
      <ul className="targets">
        {items.map(({ conversation, info }) => {
          const title = titleOf(conversation.info ?? info, conversation.id, session.userId);
          const forward = () => {
            onClose();
            // A refusal is shown at the message.
            if (seq !== undefined) conversation.send({ forward: { conversationId, seq } }).catch(() => {});
            navigate(conversation.id);
          };
          return (
            <li key={conversation.id}>
              <button type="button" className="menu-item" onClick={forward}>
                <Avatar name={title} size="small" kind={info?.kind ?? 'channel'} />
                <bdi>{title}</bdi>
              </button>
            </li>
          );
        })}
      </ul>
    </Modal>
  );
}
