import { MAX_FRAME_BYTES } from '../connection.js';
import { byId, h } from '../dom.js';
import { EXAMPLES, exampleText } from '../examples.js';

/**
 * A frame written by hand, with an example for each action. Whatever stands there is sent, well-formed or not: the
 * server's answer to a bad frame is worth seeing too.
 * @param {{ context: () => import('../examples.js').Context, send: (text: string) => 'sent' | 'not-open' | 'too-large' }} actions
 */
export function createRawView({ context, send }) {
  const picker = byId('example');
  const text = byId('raw-text');
  const note = byId('raw-note');

  for (const [group, examples] of Map.groupBy(EXAMPLES, (example) => example.group)) {
    const options = examples.map((example) => h('option', { value: EXAMPLES.indexOf(example) }, example.name));
    picker.append(h('optgroup', { label: group }, ...options));
  }

  // What the user has written is not overwritten; what was filled in follows the conversation in view.
  let touched = false;
  let filledFor = '';

  function fill() {
    touched = false;
    text.value = exampleText(EXAMPLES[Number(picker.value)], context());
    describe();
  }

  function describe() {
    const bytes = new TextEncoder().encode(text.value).length;
    let judgement = '';
    try {
      JSON.parse(text.value);
    } catch {
      judgement = ' · not JSON';
    }
    note.textContent = `${bytes} of ${MAX_FRAME_BYTES} bytes${judgement}`;
  }

  picker.addEventListener('change', fill);
  byId('fill').addEventListener('click', fill);
  text.addEventListener('input', () => {
    touched = true;
    describe();
  });
  byId('raw-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const outcome = send(text.value);
    note.textContent = { sent: 'Sent', 'not-open': 'Not connected', 'too-large': 'Over 32 KiB: not sent' }[outcome];
  });

  return {
    /** @param {string} conversation in view, with whatever else makes an example stale */
    render(conversation) {
      if (touched || filledFor === conversation) return;
      filledFor = conversation;
      fill();
    },
  };
}
