import type { Status } from '@parley/client';
import { hueOf, initialsOf } from '../text/names.ts';

interface AvatarProps {
  readonly name: string;
  readonly size?: 'small' | 'large';
  /** Shows a dot. Leave it out where presence does not matter. */
  readonly status?: Status | 'offline' | undefined;
  readonly shape?: 'person' | 'room';
}

/** A coloured circle with initials. It is always used beside the name, so screen readers skip it. */
export function Avatar({ name, size, status, shape = 'person' }: AvatarProps) {
  return (
    <span className="avatar" data-hue={hueOf(name)} data-size={size} data-shape={shape} aria-hidden="true">
      {shape === 'room' ? '#' : initialsOf(name)}
      {status && <span className="dot" data-status={status} />}
    </span>
  );
}
