import { createEmitter } from './emitter.js';

/**
 * @typedef {{ id: number, at: Date, direction: 'in' | 'out', text: string, bytes: number, title: string, isError: boolean }} LoggedFrame
 */

/** The newest frames of both directions, as they crossed the wire. */
export function createFrameLog({ limit = 500, now = () => new Date() } = {}) {
  const added = createEmitter();
  /** @type {LoggedFrame[]} */
  let frames = [];
  let count = 0;

  return {
    onAdd: added.on,
    /**
     * @param {'in' | 'out'} direction
     * @param {string} text
     */
    add(direction, text) {
      count += 1;
      const bytes = new TextEncoder().encode(text).length;
      const frame = { id: count, at: now(), direction, text: withoutToken(text), bytes, ...describe(text) };
      frames = [...frames.slice(1 - limit), frame];
      added.emit(frame);
    },
    clear() {
      frames = [];
    },
    /** @param {'all' | 'in' | 'out'} [direction] */
    list: (direction = 'all') => frames.filter((frame) => direction === 'all' || frame.direction === direction),
  };
}

/** @returns {string} pretty JSON, or the text itself where it is none */
export function pretty(/** @type {string} */ text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** @returns {{ title: string, isError: boolean }} one line that says what the frame is */
function describe(text) {
  try {
    const { action, event, data, message } = JSON.parse(text);
    const isError = event === 'error' || event === 'message-error';
    const frames = event === 'batch' ? ` of ${data.frames.length}` : '';
    const code = isError ? ` ${data.code}` : '';
    return { title: `${action ?? event ?? message ?? 'no event'}${frames}${code}`, isError };
  } catch {
    return { title: 'not JSON', isError: false };
  }
}

/** Frames get copied into mails and issues; a token among them would still open the account. */
function withoutToken(text) {
  return text.replace(/("token"\s*:\s*")[^"]+"/g, '$1(not shown)"');
}
