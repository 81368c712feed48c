/** A chat in one file: what is said in one channel, who is typing, and a field to write in. */
import { createClient } from '@parley/client';
import { useConnection, useConversation, useMessages, useTyping } from '@parley/client/react';
import { type FormEvent, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

const env = import.meta.env as Readonly<Record<string, string | undefined>>;
const { VITE_PARLEY_URL: url = '', VITE_PARLEY_TOKEN: token = '', VITE_PARLEY_CONVERSATION: channel = 'general' } = env;

// A page of your own asks its back end for the token, each time; and sends it as subprotocol, which emulators cannot.
const client = createClient({ url, token: () => token, tokenIn: url.startsWith('wss:') ? 'subprotocol' : 'query' });

function Chat() {
  const { state } = useConnection(client);
  const conversation = useConversation(client, channel);
  const { messages, hasOlder, loadOlder } = useMessages(conversation);
  const { userIds, onKeystroke } = useTyping(conversation);
  const [text, setText] = useState('');

  function send(event: FormEvent) {
    event.preventDefault();
    // What becomes of it is in `messages`: pending, then sent, or failed.
    conversation.send(text).catch(() => undefined);
    setText('');
  }

  return (
    <>
      <h1>{conversation.info?.name ?? channel}</h1>
      <p role="status">{conversation.error?.message ?? state}</p>
      {hasOlder && (
        <button type="button" onClick={() => loadOlder().catch(() => undefined)}>
          Older messages
        </button>
      )}
      <ol>
        {messages.map(({ key, senderId, content, status }) => (
          <li key={key} data-status={status}>
            <b>{senderId}</b>: {content ?? <i>deleted</i>}
          </li>
        ))}
      </ol>
      <p>{userIds.length > 0 && `${userIds.join(', ')} typing …`}</p>
      <form onSubmit={send}>
        <input
          aria-label="Message"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            onKeystroke();
          }}
        />
        <button type="submit" disabled={text.trim() === ''}>
          Send
        </button>
      </form>
    </>
  );
}

// Tries until it is connected; `state` tells the page.
client.connect().catch(() => undefined);
createRoot(document.querySelector('#root') as HTMLElement).render(
  <StrictMode>
    <Chat />
  </StrictMode>,
);
