import { h } from '../dom.js';

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * @param {string} text JSON; anything else comes out uncoloured where it does not look like it
 * @returns {HTMLElement} the same text in colours
 */
export function jsonElement(text) {
  const element = h('pre', { class: 'code', tabindex: '0' });
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, string, colon] = match;
    const kind = string === undefined ? 'value' : colon === undefined ? 'string' : 'key';
    const token = string ?? whole;
    element.append(text.slice(end, match.index), h('span', { class: `json-${kind}` }, token));
    end = match.index + token.length;
  }
  element.append(text.slice(end));
  return element;
}
