import { useEffect, useState } from 'react';
import type { AppConfig } from '../../src/config.ts';
import { useToast } from '../../src/parts/toasts.tsx';
import { explain } from '../../src/text/explain.ts';
import { type Choice, FIRST_CHANNEL, type Seat } from '../state/seat.ts';
import { useStore } from '../state/use-store.ts';
import { Chat } from './chat.tsx';
import { ConnectForm } from './connect-form.tsx';
import { Frames } from './frames.tsx';
import { Identity } from './identity.tsx';
import { People } from './people.tsx';
import { RawBox } from './raw-box.tsx';
import { Rooms } from './rooms.tsx';
import { type Part, Tabs } from './tabs.tsx';

interface PaneProps {
  readonly seat: Seat;
  readonly other: Seat;
  readonly config: AppConfig | undefined;
  /** There is no other pane on the page. */
  readonly alone: boolean;
}

/** All that belongs to one user: conversations, chat, and the frames on the wire. */
export function Pane({ seat, other, config, alone }: PaneProps) {
  useStore(seat);
  const toast = useToast();
  /** The part to show where there is room for only one. */
  const [part, setPart] = useState<Part>(seat.session ? 'chat' : 'rooms');
  const { session } = seat;
  const isOn = session !== undefined && session.client.state !== 'closed';
  const userIds = config?.signIn.kind === 'local' ? config.signIn.userIds : [];
  useEffect(() => session?.client.on('error', (error) => toast(explain(error))), [session, toast]);

  const connect = (choice: Choice) => {
    // A second user goes where the first one is, so that they meet.
    seat.connect(choice, [(!alone && other.session?.current) || FIRST_CHANNEL]);
    setPart('chat');
  };
  return (
    <section className="pane" data-seat={seat.name} data-part={part} aria-label={`${seat.name} user`}>
      <a className="skip" href={`#message-${seat.name}`} onClick={() => setPart('chat')}>
        Skip to the message field
      </a>
      {session ? (
        <Identity session={session} onDisconnect={() => seat.disconnect()} />
      ) : (
        <p className="identity quiet">Not connected</p>
      )}
      <Tabs session={session} part={part} onShow={setPart} />
      <div className="parts">
        <section className="side" aria-label="Connection and conversations">
          {!isOn && (
            <ConnectForm
              config={config}
              preferred={userIds.find((userId) => userId !== other.session?.me)}
              onConnect={connect}
            />
          )}
          {session && <Rooms key={session.me} session={session} onOpen={() => setPart('chat')} />}
          {session && <People session={session} />}
        </section>
        <Chat session={session} fieldId={`message-${seat.name}`} />
        <section className="protocol" aria-label="Protocol">
          <RawBox session={session} userIds={userIds} initiallyOpen={alone} />
          <Frames log={seat.log} />
        </section>
      </div>
    </section>
  );
}
