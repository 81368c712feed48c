import type { Conversation } from '@parley/client';
import { useEffect, useState } from 'react';
import { nameOf } from '../text/names.ts';

const LENGTH_MAX = 200;

/** Lets screen readers read out new messages. The timeline itself cannot: scrolling fills it with old ones. */
export function Announcer({ conversation, me }: { readonly conversation: Conversation; readonly me: string }) {
  const [text, setText] = useState('');
  useEffect(
    () =>
      conversation.on('message', ({ senderId, content }) => {
        if (senderId !== me) setText(`${nameOf(senderId)}: ${(content ?? '').slice(0, LENGTH_MAX)}`);
      }),
    [conversation, me],
  );
  return (
    <p className="hidden" role="log" aria-live="polite">
      {text}
    </p>
  );
}
