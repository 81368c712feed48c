import { byId } from '../dom.js';
import { quote } from './rows.js';

/** TEXT-1: content is at most 4,000 code points. */
const MAX_LENGTH = 4_000;
const WARN_LENGTH = 3_500;

/**
 * The message field: Enter sends, Shift+Enter starts a line; also edits and replies.
 * @param {{ send: (content: string, replyTo?: number) => void, save: (message: any, content: string) => void,
 *   typed: () => void, stopped: () => void }} actions
 */
export function createWriteView({ send, save, typed, stopped }) {
  const field = byId('content');
  /** @type {{ kind: 'reply' | 'edit', message: any } | undefined} */
  let mode;

  function grow() {
    const length = [...field.value].length;
    byId('write-count').textContent = length > WARN_LENGTH ? `· ${length} of ${MAX_LENGTH}` : '';
    byId('write-send').disabled = length > MAX_LENGTH;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight + 2, 180)}px`;
  }

  /** @param {typeof mode} next */
  function setMode(next) {
    if (mode?.kind === 'edit' && next?.kind !== 'edit') field.value = '';
    mode = next;
    byId('mode').hidden = !mode;
    byId('write-send').textContent = mode?.kind === 'edit' ? 'Save' : 'Send';
    if (mode?.kind === 'edit') field.value = mode.message.content;
    if (mode) {
      const verb = mode.kind === 'edit' ? 'Editing' : 'Replying to';
      byId('mode-text').textContent = `${verb} ${quote(mode.message, mode.message.seq)}`;
      field.focus();
    }
    grow();
  }

  function submit() {
    const content = field.value;
    if (content.trim() === '' || [...content].length > MAX_LENGTH) return;
    if (mode?.kind === 'edit') save(mode.message, content);
    else send(content, mode?.message.seq);
    field.value = '';
    setMode(undefined);
  }

  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && mode) setMode(undefined);
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  field.addEventListener('input', () => {
    grow();
    if (mode?.kind === 'edit') return;
    if (field.value.trim() === '') stopped();
    else typed();
  });
  byId('mode-cancel').addEventListener('click', () => {
    setMode(undefined);
    field.focus();
  });
  byId('write-form').addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
    field.focus();
  });

  return {
    reply: (/** @type {any} */ message) => setMode({ kind: 'reply', message }),
    edit: (/** @type {any} */ message) => setMode({ kind: 'edit', message }),
    /** Another conversation came into view. */
    reset() {
      field.value = '';
      setMode(undefined);
    },
    render(/** @type {boolean} */ mayWrite) {
      byId('write-form').hidden = !mayWrite;
    },
  };
}
