/** Elements of the page and how they are made. Text only ever enters as text nodes: markup in it never runs (TEXT-1). */

/**
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] `on…`: listener; true and false: boolean attribute; undefined: left out
 * @param {...(Node | string | undefined | false)} children strings become text nodes
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== undefined && child !== false) element.append(child);
  return element;
}

/** @type {WeakMap<Element, string>} what an element was made from */
const signatures = new WeakMap();

/**
 * Makes a list show these items, keeping the elements of those that did not change: selection and open details stay.
 * Focus on a control that names itself in `data-focus` moves to its like in the new element.
 * @template T
 * @param {HTMLElement} list
 * @param {T[]} items
 * @param {{ key: (item: T) => string, signature: (item: T) => string, create: (item: T) => HTMLElement }} how
 */
export function reconcile(list, items, { key, signature, create }) {
  const old = new Map([...list.children].map((child) => [/** @type {HTMLElement} */ (child).dataset.key, child]));
  let place = list.firstElementChild;
  /** @type {{ to: HTMLElement, name: string | undefined } | undefined} */
  let moved;
  for (const item of items) {
    const name = key(item);
    const sign = signature(item);
    let element = /** @type {HTMLElement | undefined} */ (old.get(name));
    old.delete(name);
    if (!element || signatures.get(element) !== sign) {
      const replacement = create(item);
      replacement.dataset.key = name;
      signatures.set(replacement, sign);
      if (element && element === place) place = element.nextElementSibling;
      const focused = element?.contains(document.activeElement) ? document.activeElement : undefined;
      if (focused instanceof HTMLElement) moved = { to: replacement, name: focused.dataset.focus };
      element?.remove();
      element = replacement;
    }
    if (element === place) place = element.nextElementSibling;
    else list.insertBefore(element, place);
  }
  for (const left of old.values()) left.remove();
  if (moved?.name) /** @type {any} */ (moved.to.querySelector(`[data-focus="${CSS.escape(moved.name)}"]`))?.focus();
}

/** Eight calm colours, the same for a user everywhere. */
export function hueOf(/** @type {string} */ userId) {
  let sum = 0;
  for (const character of userId) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9_973;
  return `hue-${sum % 8}`;
}

export function avatar(/** @type {string} */ userId) {
  return h('span', { class: `avatar ${hueOf(userId)}`, 'aria-hidden': 'true' }, userId.slice(0, 1).toUpperCase());
}

/** @returns {boolean} whether the list's end is in view */
export function atEnd(/** @type {HTMLElement} */ list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < 60;
}

export async function copyText(/** @type {string} */ text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard outside of secure contexts, such as a page opened over a network address, or not allowed: the old way.
    const area = h('textarea', { class: 'visually-hidden' });
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    if (!copied) throw new Error('the browser did not allow copying');
  }
}
