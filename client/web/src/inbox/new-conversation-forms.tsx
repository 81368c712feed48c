import { isChannelId, isUserId, limits, type NewConversation } from '@parley/client';
import { type ReactNode, useState } from 'react';
import { UserIdsField } from '../parts/user-ids-field.tsx';
import { idsIn, withIds } from '../text/user-ids.ts';

export interface NewConversationFormProps {
  readonly busy: boolean;
  /** A channel that exists is joined instead. */
  onOpen(wanted: NewConversation): Promise<void>;
}

const NOBODY = { userIds: [], text: '' };
const ID_FIELD = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false } as const;

export function ChannelForm({ busy, onOpen }: NewConversationFormProps) {
  const [text, setText] = useState('');
  const id = channelIdOf(text);
  return (
    <Form
      action="Join or create"
      disabled={busy || !id}
      onSubmit={() => onOpen({ kind: 'channel', conversationId: id, name: text.trim() })}
    >
      <label className="field">
        <span>Channel</span>
        <input
          required
          maxLength={limits.conversationIdMaxLength}
          {...ID_FIELD}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <p className="quiet small">
        {id && id !== text.trim() ? `Its id will be “${id}”. ` : ''}Anyone who knows a channel’s id can join it.
      </p>
    </Form>
  );
}

export function GroupForm({ busy, onOpen }: NewConversationFormProps) {
  const [name, setName] = useState('');
  const [{ userIds, text }, setPeople] = useState<{ userIds: readonly string[]; text: string }>(NOBODY);
  const typed = idsIn(text);
  return (
    <Form
      action="Create group"
      disabled={busy || !name.trim() || !typed.every(isUserId)}
      onSubmit={() => onOpen({ kind: 'group', name: name.trim(), members: withIds(userIds, typed) })}
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
      <UserIdsField
        label="Members, by user id"
        userIds={userIds}
        text={text}
        onChange={(next, rest) => setPeople({ userIds: next, text: rest })}
      />
    </Form>
  );
}

export function DirectForm({ busy, onOpen }: NewConversationFormProps) {
  const [userId, setUserId] = useState('');
  return (
    <Form
      action="Open"
      disabled={busy || !userId.trim()}
      onSubmit={() => onOpen({ kind: 'direct', members: [userId.trim()] })}
    >
      <label className="field">
        <span>Write to whom? (user id)</span>
        <input
          required
          maxLength={limits.userIdMaxLength}
          {...ID_FIELD}
          value={userId}
          onChange={(event) => setUserId(event.target.value)}
        />
      </label>
    </Form>
  );
}

interface FormProps {
  readonly action: string;
  readonly disabled: boolean;
  onSubmit(): Promise<void>;
  readonly children: ReactNode;
}

function Form({ action, disabled, onSubmit, children }: FormProps) {
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      {children}
      <div className="buttons">
        <button type="submit" className="button" data-kind="primary" disabled={disabled}>
          {action}
        </button>
      </div>
    </form>
  );
}

/** Makes an id from what was typed: `Design team` becomes `design-team`. A valid id stays as it is. */
function channelIdOf(text: string): string {
  const trimmed = text.trim();
  if (isChannelId(trimmed)) return trimmed;
  const plain = trimmed
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return plain.replaceAll(/^-+|-+$/g, '').slice(0, limits.conversationIdMaxLength);
}
