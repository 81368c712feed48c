import { type Conversation, limits } from '@parley/client';
import { useState } from 'react';
import { useAttempt } from '../parts/toasts.tsx';

/** Adds a user to a group, by user id. */
export function AddMember({
  conversation,
  onAdded,
}: {
  readonly conversation: Conversation;
  readonly onAdded: () => void;
}) {
  const [userId, setUserId] = useState('');
  const attempt = useAttempt();
  const add = async () => {
    const done = await attempt(() => conversation.addMember(userId.trim()));
    if (!done) return;
    setUserId('');
    onAdded();
  };
  return (
    <form
      className="field-row"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <label className="field">
        <span>Add a member</span>
        <input
          required
          maxLength={limits.userIdMaxLength}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="User id"
          value={userId}
          onChange={(event) => setUserId(event.target.value)}
        />
      </label>
      <button type="submit" className="button">
        Add
      </button>
    </form>
  );
}
