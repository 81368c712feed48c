import type { Conversation } from '@parley/client';
import { type FormEvent, type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { CONTENT_MAX_LENGTH } from '../../../../shared/protocol/limits.ts';
import { useAttempt } from '../../src/parts/toasts.tsx';
import { isForInputMethod } from '../../src/text/composing.ts';
import type { Mode } from './mode.ts';
import { quoteOf } from './words.ts';

/** From this length on, it says how many characters there are. */
const COUNT_FROM = 3_500;
const HEIGHT_MAX_PX = 180;

interface WriteProps {
  readonly conversation: Conversation;
  readonly fieldId: string;
  readonly mode: Mode | undefined;
  /** The reply or the edit was sent or cancelled. */
  onDone(): void;
}

/** The message field, for edits and replies too. Enter sends, and Shift+Enter starts a new line. */
export function Write({ conversation, fieldId, mode, onDone }: WriteProps) {
  const hintId = useId();
  const attempt = useAttempt();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const length = [...text].length;
  const isEdit = mode?.kind === 'edit';
  const tooLong = length > CONTENT_MAX_LENGTH;

  useEffect(() => {
    if (!mode) return;
    if (mode.kind === 'edit') setText(mode.message.content ?? '');
    field.current?.focus();
  }, [mode]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight + 2, HEIGHT_MAX_PX)}px`;
  }, [text]);

  const cancel = () => {
    if (isEdit) setText('');
    onDone();
    field.current?.focus();
  };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() === '' || tooLong) return;
    setText('');
    onDone();
    const seq = mode?.message.seq;
    if (isEdit && seq !== undefined) void attempt(() => conversation.edit(seq, text));
    // A refusal is shown at the message, with the choice to try again.
    else conversation.send({ content: text, ...(seq !== undefined && { replyTo: seq }) }).catch(() => {});
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && mode) cancel();
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || isForInputMethod(event.nativeEvent)) return;
    submit(event);
  };
  const change = (next: string) => {
    setText(next);
    if (!isEdit) conversation.sendTyping(next.trim() !== '');
  };
  return (
    <form className="write" onSubmit={submit}>
      {mode && (
        <div className="mode">
          <span>
            {isEdit ? 'Editing' : 'Replying to'} {quoteOf(mode.message, mode.message.seq ?? 0)}
          </span>
          <button type="button" className="button small ghost" onClick={cancel}>
            Cancel
          </button>
        </div>
      )}
      <div className="row">
        <textarea
          ref={field}
          id={fieldId}
          rows={1}
          dir="auto"
          placeholder="Write a message"
          aria-label="Message"
          aria-describedby={hintId}
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className="button" data-kind="primary" disabled={tooLong}>
          {isEdit ? 'Save' : 'Send'}
        </button>
      </div>
      <p className="quiet hint">
        <span id={hintId}>Enter sends, Shift+Enter starts a new line</span>
        {length > COUNT_FROM && ` · ${length} of ${CONTENT_MAX_LENGTH}`}
      </p>
    </form>
  );
}
