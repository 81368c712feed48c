import type { Conversation } from '@parley/client';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { nameOf } from '../text/names.ts';
import { excerptOf } from './quote.tsx';
import type { Composition } from './use-composition.ts';
import { useQuoted } from './use-quoted.ts';

interface CompositionNoteProps {
  readonly conversation: Conversation;
  readonly composition: Composition;
}

/** Shows above the message field which message the user answers or edits. */
export function CompositionNote({ conversation, composition }: CompositionNoteProps) {
  const { replyTo, editing, dropReply, clear } = composition;
  const quoted = useQuoted(conversation, replyTo);
  if (!editing && replyTo === undefined) return null;
  return (
    <div className="composition-note">
      <Icon name={editing ? 'edit' : 'reply'} size={16} />
      <span>
        <strong>
          {editing ? (
            'Edit message'
          ) : (
            <>
              Reply
              {quoted && (
                <>
                  {' '}
                  to <bdi>{nameOf(quoted.senderId)}</bdi>
                </>
              )}
            </>
          )}
        </strong>
        <span className="quiet" dir="auto">
          {excerptOf(editing ?? quoted)}
        </span>
      </span>
      <IconButton
        icon="close"
        label={editing ? 'Cancel editing' : 'Cancel reply'}
        onClick={editing ? clear : dropReply}
      />
    </div>
  );
}
