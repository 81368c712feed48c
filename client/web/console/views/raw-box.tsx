import { type FormEvent, useEffect, useState } from 'react';
import type { ExampleContext } from '../../../../shared/protocol/actions/action.ts';
import { FRAME_MAX_BYTES } from '../../../../shared/protocol/limits.ts';
import { EXAMPLES } from '../examples.ts';
import { FIRST_CHANNEL } from '../state/seat.ts';
import type { Session } from '../state/session.ts';
import type { RawOutcome } from '../wire/wire.ts';

const OUTCOMES: Readonly<Record<RawOutcome, string>> = {
  sent: 'Sent',
  'not-open': 'Not connected',
  'too-large': 'Over 32 KiB: not sent',
};
const GROUPS = Map.groupBy(EXAMPLES.entries(), ([, { subject }]) => subject);

interface RawBoxProps {
  readonly session: Session | undefined;
  /** Demo users, for examples that name another user. */
  readonly userIds: readonly string[];
  readonly initiallyOpen: boolean;
}

/** A field for a frame written by hand, with examples of each action. It sends any text, well-formed or not. */
export function RawBox({ session, userIds, initiallyOpen }: RawBoxProps) {
  const [chosen, setChosen] = useState(0);
  const [text, setText] = useState('');
  // An example that was filled in follows the conversation in view. What the user has written is left alone.
  const [edited, setEdited] = useState(false);
  const [outcome, setOutcome] = useState<RawOutcome>();

  const fill = (index: number) => {
    setEdited(false);
    setOutcome(undefined);
    setText(EXAMPLES[index]?.text(contextOf(session, userIds)) ?? '');
  };
  const held = session?.conversation !== undefined && session.isHeld(session.conversation);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation is in view, or its log came
  useEffect(() => {
    if (!edited) fill(chosen);
  }, [session, session?.current, held]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setOutcome(session?.sendRaw(text) ?? 'not-open');
  };
  return (
    <details className="raw" open={initiallyOpen}>
      <summary>
        <h2>Send a frame</h2>
      </summary>
      <form className="stack" onSubmit={submit}>
        <div className="inline">
          <select
            aria-label="Example to fill in"
            value={chosen}
            onChange={(event) => {
              setChosen(Number(event.target.value));
              fill(Number(event.target.value));
            }}
          >
            {[...GROUPS].map(([subject, examples]) => (
              <optgroup key={subject} label={subject}>
                {examples.map(([index, { title }]) => (
                  <option key={title} value={index}>
                    {title}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
          <button
            type="button"
            className="button"
            title="Fills in the example again, for the conversation in view"
            onClick={() => fill(chosen)}
          >
            Fill in
          </button>
        </div>
        <textarea
          className="code"
          aria-label="Frame"
          rows={10}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => {
            setEdited(true);
            setOutcome(undefined);
            setText(event.target.value);
          }}
        />
        <div className="inline">
          <output className="quiet grow">{outcome ? OUTCOMES[outcome] : describe(text)}</output>
          <button type="submit" className="button" data-kind="primary">
            Send frame
          </button>
        </div>
      </form>
    </details>
  );
}

function describe(text: string): string {
  const bytes = new TextEncoder().encode(text).length;
  return `${bytes} of ${FRAME_MAX_BYTES} bytes${isJson(text) ? '' : ' · not JSON'}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function contextOf(session: Session | undefined, userIds: readonly string[]): ExampleContext {
  const conversation = session?.conversation;
  const me = session?.me ?? 'alice';
  return {
    conversationId: conversation?.id ?? FIRST_CHANNEL,
    seq: conversation?.messages.findLast(({ seq }) => seq !== undefined)?.seq ?? 1,
    position: conversation?.position ?? 0,
    me,
    other: userIds.find((userId) => userId !== me) ?? 'bob',
    id: crypto.randomUUID(),
    now: new Date(),
  };
}
