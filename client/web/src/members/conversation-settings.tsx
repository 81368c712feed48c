import { type Conversation, type ConversationInfo, limits } from '@parley/client';
import { useState } from 'react';
import { useAttempt } from '../parts/toasts.tsx';

const SLOW_MODES = [
  { seconds: 0, label: 'Off' },
  { seconds: 10, label: 'One message every 10 seconds' },
  { seconds: 60, label: 'One message every minute' },
  { seconds: 600, label: 'One message every 10 minutes' },
];

interface ConversationSettingsProps {
  readonly conversation: Conversation;
  readonly info: ConversationInfo;
}

/** Name and slow mode, for admins and owners. */
export function ConversationSettings({ conversation, info }: ConversationSettingsProps) {
  const [name, setName] = useState(info.name ?? '');
  const attempt = useAttempt();
  const slow = info.slowModeSeconds ?? 0;
  const choices = SLOW_MODES.some(({ seconds }) => seconds === slow)
    ? SLOW_MODES
    : [...SLOW_MODES, { seconds: slow, label: `One message every ${slow} seconds` }];
  return (
    <section className="stack settings" aria-label="Conversation settings">
      <form
        className="field-row"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(() => conversation.update({ name: name.trim() }));
        }}
      >
        <label className="field">
          <span>Name</span>
          <input
            required
            maxLength={limits.nameMaxLength}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={!name.trim() || name.trim() === info.name}>
          Save
        </button>
      </form>
      <label className="field">
        <span>Slow mode</span>
        <select
          value={slow}
          onChange={(event) => void attempt(() => conversation.update({ slowModeSeconds: Number(event.target.value) }))}
        >
          {choices.map(({ seconds, label }) => (
            <option key={seconds} value={seconds}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}
