import type { ChatMessage } from '@parley/client';
import { Icon, type IconName } from '../parts/icon.tsx';
import { listOf, nameOf } from '../text/names.ts';
import { useOpenConversation } from './open-conversation.ts';
import { useReaders } from './use-readers.ts';

/** `read-by-some`: not everybody has read it yet. */
type Shown = 'pending' | 'sent' | 'delivered' | 'read-by-some' | 'read' | 'failed';

const ICONS: Record<Shown, IconName> = {
  pending: 'clock',
  sent: 'check',
  delivered: 'checks',
  'read-by-some': 'checks',
  read: 'checks',
  failed: 'warning',
};
const LABELS: Record<Shown, string> = {
  pending: 'Sending',
  sent: 'Sent',
  delivered: 'Delivered',
  'read-by-some': 'Read by at least one member',
  read: 'Read',
  failed: 'Not sent',
};

/** Shows how far the user's own message has come. One reader of several is not all of them. */
export function Ticks({ message }: { readonly message: ChatMessage }) {
  const { conversation } = useOpenConversation();
  const { readers, everyone } = useReaders(message.seq);
  if (message.status === 'received') return null;
  const alone = conversation.info?.kind === 'direct';
  const shown = message.status === 'read' && !alone && !everyone ? 'read-by-some' : message.status;
  const isRead = message.status === 'read' && !alone && readers.length > 0;
  const label = isRead ? `Read by ${listOf(readers.map(nameOf), 10)}` : LABELS[shown];
  return (
    <span className="ticks" data-status={shown} role="img" aria-label={label} title={label}>
      <Icon name={ICONS[shown]} size={15} />
    </span>
  );
}
