import { type ChatMessage, type Conversation, contentError, limits, type Member } from '@parley/client';
import { useTyping } from '@parley/client/react';
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { EmojiPalette } from '../parts/emoji-palette.tsx';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useAttempt } from '../parts/toasts.tsx';
import { useChat } from '../state/chat-context.ts';
import { isForInputMethod } from '../text/composing.ts';
import { mentionedIn } from '../text/mentions.ts';
import { isolate } from '../text/names.ts';
import { whyUnsendable } from '../text/sendable.ts';
import { CompositionNote } from './composition-note.tsx';
import { MentionList } from './mention-list.tsx';
import type { Composition } from './use-composition.ts';
import { useMention } from './use-mention.ts';

interface ComposerProps {
  readonly conversation: Conversation;
  readonly composition: Composition;
  readonly members: readonly Member[];
  readonly title: string;
}

const CONTENT_MAX = limits.contentMaxLength;
/** From this length on, the field says how many characters are left. */
const COUNT_FROM = CONTENT_MAX - 200;

/**
 * The message field. Enter sends, Shift+Enter starts a new line, and the up arrow in an empty field edits the user's
 * last message.
 */
export function Composer({ conversation, composition, members, title }: ComposerProps) {
  const { session } = useChat();
  const { text, replyTo, editing, setText, clear, dropReply } = composition;
  const problemId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [palette, setPalette] = useState<HTMLElement>();
  const { onKeystroke } = useTyping(conversation);
  const mention = useMention(field, text, setText, members);
  const attempt = useAttempt();
  const length = Array.from(text).length;
  const [refusal, setRefusal] = useState<{ readonly text: string; readonly reason: string }>();
  const problem = refusal?.text === text ? refusal.reason : undefined;
  const [saving, setSaving] = useState(false);
  const ready = text.trim() !== '' && !saving;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const named = () => mentionedIn(text, members).slice(0, limits.mentionsMax);

  // The new text stays in the field until the server has it: nothing else keeps it.
  const save = async (seq: number) => {
    setSaving(true);
    const done = await attempt(() => conversation.edit(seq, text, { mentions: named() }));
    setSaving(false);
    if (done) clear();
  };

  const submit = () => {
    if (!ready) return;
    const error = contentError(text);
    if (error) return setRefusal({ text, reason: whyUnsendable(text, error) });
    if (editing?.seq !== undefined) return void save(editing.seq);
    clear();
    const mentions = named();
    const draft = {
      content: text,
      ...(replyTo !== undefined && { replyTo }),
      ...(mentions.length > 0 && { mentions }),
    };
    // A refusal is shown at the message, with the choice to try again.
    conversation.send(draft).catch(() => {});
  };

  const change = (next: string) => {
    setText(next);
    if (!editing) onKeystroke(next !== '');
    mention.look();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (isForInputMethod(event.nativeEvent)) return;
    if (mention.onKeyDown(event.key)) return event.preventDefault();
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && editing) clear();
    else if (event.key === 'Escape' && replyTo !== undefined) dropReply();
    else if (event.key === 'ArrowUp' && text === '' && !editing) {
      const last = lastOwn(conversation.messages, session.userId);
      if (!last) return;
      event.preventDefault();
      composition.edit(last);
    }
  };

  const insert = (piece: string) => {
    const { selectionStart: from, selectionEnd: to } = field.current ?? {
      selectionStart: text.length,
      selectionEnd: text.length,
    };
    change(text.slice(0, from) + piece + text.slice(to));
    field.current?.focus();
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <CompositionNote conversation={conversation} composition={composition} />
      <MentionList mention={mention} />
      <div className="composer-field">
        <IconButton
          icon="smile"
          label="Emoji"
          aria-haspopup="dialog"
          onClick={(event) => setPalette(palette ? undefined : event.currentTarget)}
        />
        <textarea
          ref={field}
          id="composer"
          rows={1}
          dir="auto"
          aria-label={editing ? 'Edit message' : `Message ${title}`}
          placeholder={editing ? 'Edit message' : `Message ${isolate(title)}`}
          aria-invalid={length > CONTENT_MAX || problem !== undefined || undefined}
          aria-describedby={problem === undefined ? undefined : problemId}
          readOnly={saving}
          {...mention.fieldProps}
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => !editing && onKeystroke(false)}
        />
        <button type="submit" className="send" aria-label={editing ? 'Save' : 'Send'} disabled={!ready}>
          <Icon name={editing ? 'check' : 'send'} />
        </button>
      </div>
      <p className="problem" id={problemId} role="alert">
        {problem}
      </p>
      {length > COUNT_FROM && (
        <p className="count" data-over={length > CONTENT_MAX} role="status">
          {CONTENT_MAX - length} characters left
        </p>
      )}
      {palette && <EmojiPalette anchor={palette} onPick={insert} onClose={() => setPalette(undefined)} />}
    </form>
  );
}

function lastOwn(messages: readonly ChatMessage[], me: string): ChatMessage | undefined {
  return messages.findLast(
    (message) => message.senderId === me && message.seq !== undefined && message.content !== undefined,
  );
}
