import type { MessageStatus } from '@parley/client';
import { Icon, type IconName } from '../parts/icon.tsx';

const SHOWN: Partial<Record<MessageStatus, { icon: IconName; label: string }>> = {
  pending: { icon: 'clock', label: 'Sending' },
  sent: { icon: 'check', label: 'Sent' },
  delivered: { icon: 'checks', label: 'Delivered' },
  read: { icon: 'checks', label: 'Read' },
  failed: { icon: 'warning', label: 'Not sent' },
};

/** How far the user's own message has come. */
export function Ticks({ status }: { readonly status: MessageStatus }) {
  const shown = SHOWN[status];
  if (!shown) return null;
  return (
    <span className="ticks" data-status={status} role="img" aria-label={shown.label} title={shown.label}>
      <Icon name={shown.icon} size={15} />
    </span>
  );
}
