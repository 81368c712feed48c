import { CONTENT_MAX_LENGTH, NAME_MAX_LENGTH } from './limits.ts';

/** What TEXT-1 says of a text: it as it is stored, or why it is refused. */
export type TextVerdict =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly tooLong: boolean; readonly message: string };

/** Only what a client's oldest platform reads: a `v` expression would keep the whole bundle from loading there. */
const CONTROL_BUT_TAB_AND_LF = /(?![\t\n])\p{Cc}/u;
const ANY_CONTROL = /\p{Cc}|[\u2028\u2029]/u;
/** What is drawn as nothing, or turns the rest around; but the selector that makes a character an emoji. */
const BIDI_OR_ZERO_WIDTH = /(?!\uFE0F)[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]/u;
const LONE_SURROGATE = /\p{Surrogate}/gu;
/** Something that leaves ink: not white space, not a control or format character, not a filler that fonts draw as nothing. */
const VISIBLE = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** A character that is text unless U+FE0F says otherwise, and that neither it, U+FE0E nor a skin tone follows. */
const LACKS_SELECTOR = /(?!\p{Emoji_Presentation})\p{Emoji}(?![\uFE0E\uFE0F\p{Emoji_Modifier}])/gu;
let rgiEmoji: RegExp | undefined;

/** TEXT-1 for `content`: 1–4,000 code points after CRLF → LF, with something to see. */
export function contentText(raw: string): TextVerdict {
  return judge(raw, CONTENT_MAX_LENGTH, (text) =>
    CONTROL_BUT_TAB_AND_LF.test(text) ? 'must not contain control characters other than tab and line feed' : undefined,
  );
}

/** TEXT-1 for `name`: 1–100 code points on one line, without bidi controls and zero-width characters. */
export function nameText(raw: string): TextVerdict {
  return judge(raw, NAME_MAX_LENGTH, (text) => {
    if (ANY_CONTROL.test(text)) return 'must be one line without control characters';
    return BIDI_OR_ZERO_WIDTH.test(text) ? 'must not contain bidi controls or zero-width characters' : undefined;
  });
}

/**
 * TEXT-1: an emoji in its fully qualified form, with U+FE0F wherever that form has it: some keyboards and fonts leave it
 * out, and ❤ would be another reaction than ❤️. Whether the text is one emoji at all is for `isEmoji` to say.
 */
export function qualifiedEmoji(text: string): string {
  return text.replace(LACKS_SELECTOR, '$&\uFE0F');
}

/**
 * TEXT-1 for `emoji`: exactly one emoji that Unicode recommends for general interchange. A client on a platform that
 * does not know them (browsers of before 2023) takes any text for one, and leaves it to the server.
 */
export function isEmoji(text: string): boolean {
  try {
    rgiEmoji ??= /^\p{RGI_Emoji}$/v;
  } catch {
    return true;
  }
  return rgiEmoji.test(text);
}

/** RETRY-1: whether two texts are the same, in whatever form of Unicode each was written and stored. */
export function isSameText(a: string | undefined, b: string | undefined): boolean {
  return a?.normalize('NFC') === b?.normalize('NFC');
}

/** The first `max` code points of `text`; never half a surrogate pair. */
export function cutToCodePoints(text: string, max: number): string {
  if (text.length <= max) return text;
  return Array.from(text).slice(0, max).join('');
}

/** Well-formed text of at most `max` characters; a character that would be cut in two is left out. */
export function cutToLength(text: string, max: number): string {
  const whole = text.replace(LONE_SURROGATE, '\uFFFD');
  const splitsPair = (whole.codePointAt(max - 1) ?? 0) > 0xffff;
  return whole.slice(0, splitsPair ? max - 1 : max);
}

function judge(raw: string, maxLength: number, fault: (text: string) => string | undefined): TextVerdict {
  const text = raw.replaceAll('\r\n', '\n');
  if (codePoints(text) > maxLength) return { ...refused(`must have at most ${maxLength} code points`), tooLong: true };
  if (text.search(LONE_SURROGATE) >= 0) return refused('must be well-formed Unicode');
  const message = fault(text) ?? (VISIBLE.test(text) ? undefined : 'must contain a visible character');
  return message === undefined ? { ok: true, text } : refused(message);
}

function refused(message: string) {
  return { ok: false, tooLong: false, message } as const;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
