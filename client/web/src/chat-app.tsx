import { type Client, createClient } from '@parley/client';
import { useEffect, useMemo, useRef } from 'react';
import type { AppConfig } from './config.ts';
import { useToast } from './parts/toasts.tsx';
import { type Session, SignedOutError } from './session/session.ts';
import { Shell } from './shell.tsx';
import { ChatContext } from './state/chat-context.ts';
import { forgetDrafts } from './state/drafts.ts';
import { Inbox } from './state/inbox.ts';
import { explain } from './text/explain.ts';

interface ChatAppProps {
  readonly config: AppConfig;
  readonly session: Session;
  /** `why` is the reason, if the user did not ask to be signed out. */
  onSignedOut(why?: string): void;
}

/** Everything that a signed-in user sees. Its one client stays connected for as long as it is shown. */
export function ChatApp({ config, session, onSignedOut }: ChatAppProps) {
  const showToast = useToast();
  const ended = useRef(onSignedOut);
  ended.current = onSignedOut;

  const chat = useMemo(() => {
    const client: Client = createClient({
      url: config.webSocketUrl,
      tokenIn: config.tokenIn,
      userId: session.userId,
      async token(context) {
        try {
          return await session.token(context);
        } catch (error) {
          if (error instanceof SignedOutError) {
            void client.forget();
            ended.current(error.message);
          }
          throw error;
        }
      },
    });
    return { client, session, inbox: new Inbox(client) };
  }, [config, session]);

  useEffect(() => {
    const { client, inbox } = chat;
    const offError = client.on('error', (error) => {
      if (error.code === 'listener-failed') reportError(error.cause ?? error);
      // Of a token that could not be had the banner tells, for as long as that lasts.
      else if (error.code !== 'token-failed') showToast(explain(error));
    });
    const stopInbox = inbox.start();
    // The client keeps trying, and the banner says what it does.
    client.connect().catch(() => {});
    return () => {
      stopInbox();
      offError();
      client.close();
    };
  }, [chat, showToast]);

  const signOut = async () => {
    forgetDrafts(session.userId);
    await chat.client.forget();
    await session.signOut();
    onSignedOut();
  };
  return (
    <ChatContext value={chat}>
      <Shell onSignOut={signOut} />
    </ChatContext>
  );
}
