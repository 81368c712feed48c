import { isUserId, limits } from '@parley/client';
import { type KeyboardEvent, useRef, useState } from 'react';
import { isForInputMethod } from '../text/composing.ts';
import { idsIn, withIds } from '../text/user-ids.ts';
import { IconButton } from './icon-button.tsx';

interface UserIdsFieldProps {
  readonly label: string;
  readonly userIds: readonly string[];
  /** What is typed and not added yet. Whoever submits the form takes it along. */
  readonly text: string;
  onChange(userIds: readonly string[], text: string): void;
}

/**
 * Takes several user ids, one at a time: an id may hold spaces and commas, so nothing but Enter, the button or a line's
 * end in what is pasted ends it. Backspace in the empty field takes the last one back.
 */
export function UserIdsField({ label, userIds, text, onChange }: UserIdsFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState('');
  const typed = text.trim();
  const wrong = typed !== '' && !isUserId(typed);

  const add = (ids: readonly string[], rest: string) => {
    onChange(withIds(userIds, ids), rest);
    setSaid(`Added ${ids.join('; ')}`);
  };
  const remove = (userId: string) => {
    onChange(
      userIds.filter((each) => each !== userId),
      text,
    );
    setSaid(`Removed ${userId}`);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isForInputMethod(event.nativeEvent)) return;
    const last = userIds.at(-1);
    if (event.key === 'Backspace' && text === '' && last !== undefined) remove(last);
    // In an empty field Enter submits the form, as everywhere.
    else if (event.key === 'Enter' && typed !== '') {
      event.preventDefault();
      if (!wrong) add([typed], '');
    }
  };
  return (
    <div className="user-ids">
      <div className="field-row">
        <label className="field">
          <span>{label}</span>
          <input
            ref={input}
            maxLength={limits.userIdMaxLength}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            enterKeyHint="enter"
            aria-invalid={wrong}
            value={text}
            onChange={(event) => onChange(userIds, event.target.value)}
            onKeyDown={onKeyDown}
            onPaste={(event) => {
              const ids = idsIn(event.clipboardData.getData('text'));
              // One line is pasted as it is, to be added to or corrected.
              if (ids.length < 2) return;
              event.preventDefault();
              add(ids.filter(isUserId), ids.filter((id) => !isUserId(id)).join(' '));
            }}
          />
        </label>
        <button
          type="button"
          className="button"
          disabled={typed === '' || wrong}
          onClick={() => {
            add([typed], '');
            input.current?.focus();
          }}
        >
          Add
        </button>
      </div>
      <p className="quiet small">
        {wrong
          ? 'A user id has letters, digits, spaces and signs of ASCII alone.'
          : 'Enter adds one. Paste several, one on a line.'}
      </p>
      {userIds.length > 0 && (
        <ul className="chips" aria-label="Chosen members">
          {userIds.map((userId) => (
            <li key={userId} className="chip">
              <bdi>{userId}</bdi>
              <IconButton icon="close" label={`Remove ${userId}`} onClick={() => remove(userId)} />
            </li>
          ))}
        </ul>
      )}
      <p className="hidden" role="status">
        {said}
      </p>
    </div>
  );
}
