import type { ConversationKind, Status } from '@parley/client';
import { hueOf, initialsOf } from '../text/names.ts';
import { Icon } from './icon.tsx';

interface AvatarProps {
  readonly name: string;
  readonly size?: 'small' | 'large';
  /** Shows a dot. Leave it out where presence does not matter. */
  readonly status?: Status | 'offline' | undefined;
  /** What it stands for. A user and a direct conversation look alike. */
  readonly kind?: ConversationKind | undefined;
}

/**
 * A coloured shape: initials for a user, people for a group, # for a channel. It is always used beside the name, so
 * screen readers skip it.
 */
export function Avatar({ name, size, status, kind = 'direct' }: AvatarProps) {
  return (
    <span className="avatar" data-hue={hueOf(name)} data-size={size} data-kind={kind} aria-hidden="true">
      {kind === 'direct' ? initialsOf(name) : <Icon name={kind === 'channel' ? 'hash' : 'people'} />}
      {status && <span className="dot" data-status={status} />}
    </span>
  );
}
