/** The key code of a key that an input method has taken. */
const TAKEN_BY_INPUT_METHOD = 229;

interface KeyPress {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/**
 * Whether a key belongs to an input method, such as the Enter that ends a composition. Safari ends the composition
 * before it tells of the key, so there only the key code says so.
 */
export function isForInputMethod({ isComposing, keyCode }: KeyPress): boolean {
  return isComposing || keyCode === TAKEN_BY_INPUT_METHOD;
}
