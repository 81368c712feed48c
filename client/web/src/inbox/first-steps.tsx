import { useState } from 'react';
import { KindIcon } from '../parts/kind-icon.tsx';
import { useAttempt, useToast } from '../parts/toasts.tsx';
import { useChat } from '../state/chat-context.ts';
import { navigate } from '../state/use-route.ts';
import { nameOf } from '../text/names.ts';
import type { Kind } from './new-conversation.tsx';
import { openChannel } from './open-channel.ts';

/** Where newcomers meet, because everyone is offered it. */
const FIRST_CHANNEL = { id: 'general', name: 'General' };

/** What a user sees who has no conversations yet: what there is, and what to do first. */
export function FirstSteps({ onCreate }: { readonly onCreate: (kind: Kind) => void }) {
  const { client, inbox, session } = useChat();
  const attempt = useAttempt();
  const showToast = useToast();
  const [busy, setBusy] = useState(false);
  const joinFirst = async () => {
    setBusy(true);
    await attempt(async () => {
      const channel = await openChannel(client, FIRST_CHANNEL.id, FIRST_CHANNEL.name);
      if (channel.info) inbox.add(channel.info);
      navigate(channel.id);
    });
    setBusy(false);
  };
  const copyId = () =>
    attempt(async () => {
      await navigator.clipboard.writeText(session.userId);
      showToast('Copied. Others can use it to add you.');
    });
  return (
    <div className="first-steps">
      <h2>
        Welcome, <bdi>{session.name ?? nameOf(session.userId)}</bdi>
      </h2>
      <p className="quiet">You have no conversations yet. How would you like to begin?</p>
      <ul>
        <li>
          <button type="button" className="step" disabled={busy} onClick={() => void joinFirst()}>
            <KindIcon kind="channel" />
            <span>
              <strong>Join #{FIRST_CHANNEL.id}</strong>
              <span className="quiet">The channel where everyone starts.</span>
            </span>
          </button>
        </li>
        <li>
          <button type="button" className="step" onClick={() => onCreate('direct')}>
            <KindIcon kind="direct" />
            <span>
              <strong>Write to someone</strong>
              <span className="quiet">Just the two of you. You need their user id.</span>
            </span>
          </button>
        </li>
        <li>
          <button type="button" className="step" onClick={() => onCreate('group')}>
            <KindIcon kind="group" />
            <span>
              <strong>Start a group</strong>
              <span className="quiet">Only the people whom you add can read it.</span>
            </span>
          </button>
        </li>
      </ul>
      <p className="quiet small">
        Your own user id is <bdi className="user-id">{session.userId}</bdi>{' '}
        <button type="button" className="link" onClick={() => void copyId()}>
          Copy
        </button>
      </p>
    </div>
  );
}
