import type { ConversationKind } from '@parley/client';
import { Icon, type IconName } from './icon.tsx';

const ICONS = { channel: 'hash', group: 'people', direct: 'person' } as const satisfies Record<
  ConversationKind,
  IconName
>;

/** A sign for a kind of conversation, the same wherever it stands for one. */
export function KindIcon({ kind }: { readonly kind: ConversationKind }) {
  return (
    <span className="kind-icon" data-kind={kind} aria-hidden="true">
      <Icon name={ICONS[kind]} />
    </span>
  );
}
