import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { nameOf } from '../text/names.ts';
import type { Composition } from './use-composition.ts';

/** Shows above the message field which message the user answers or edits. */
export function CompositionNote({ composition }: { readonly composition: Composition }) {
  const { replyTo, editing, clear } = composition;
  const message = replyTo ?? editing;
  if (!message) return null;
  return (
    <div className="composition-note">
      <Icon name={editing ? 'edit' : 'reply'} size={16} />
      <span>
        <strong>{editing ? 'Edit message' : `Reply to ${nameOf(message.senderId)}`}</strong>
        <span className="quiet">{message.content ?? 'Message deleted'}</span>
      </span>
      <IconButton icon="close" label={editing ? 'Cancel editing' : 'Cancel reply'} onClick={clear} />
    </div>
  );
}
