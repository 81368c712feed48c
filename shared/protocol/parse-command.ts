import type * as z from 'zod';
import { type Action, actions, type CommandInput, isAction } from './actions.ts';
import { type ErrorDetail, Refusal } from './errors.ts';
import { faultWords } from './fault-words.ts';
import { clientId, TOO_LARGE } from './identifiers.ts';
import { ERROR_DETAILS_MAX, FRAME_MAX_BYTES } from './limits.ts';
import { cutToLength } from './text.ts';

/** ERR-2, in characters. */
const PATH_MAX_LENGTH = 128;
const UNKNOWN_FIELD_MAX_LENGTH = 64;

/** What of a frame could be understood before its fields are looked at. */
export interface Envelope {
  /** The command's action, if the protocol knows it. */
  readonly action?: Action;
  /** Echoed in the reply; absent if there was none or it is invalid (ENV-7). */
  readonly requestId?: string;
  /** Everything but `action` and `requestId`; undefined if the frame is refused already. */
  readonly fields?: Record<string, unknown>;
  /** Why the frame is refused already. */
  readonly refusal?: Refusal;
}

/**
 * Reads a frame's envelope (ENV-1, ENV-2). `expected` are the actions that the route may carry: any other is
 * `unknown-action` (SEC-1). Never throws.
 */
export function readEnvelope(body: string, expected: (action: Action) => boolean): Envelope {
  // A gateway takes longer messages in several frames; such a one is read as well, so that its sender hears which it was.
  const isTooLarge = new TextEncoder().encode(body).byteLength > FRAME_MAX_BYTES;
  const tooLarge = isTooLarge ? new Refusal('too-large', `a frame has at most ${FRAME_MAX_BYTES} bytes`) : undefined;
  const frame = parseObject(body);
  if (!frame) return { refusal: tooLarge ?? new Refusal('invalid-json', 'the frame is not a JSON object') };
  const { action, requestId, ...fields } = frame;
  const id = clientId.safeParse(requestId, { error: faultWords });
  const known = { ...(isAction(action) && expected(action) && { action }), ...(id.success && { requestId: id.data }) };
  if (tooLarge) return { ...known, refusal: tooLarge };
  if (!known.action) return { ...known, refusal: new Refusal('unknown-action', 'there is no such action here') };
  if (requestId !== undefined && !id.success) {
    const details = [{ path: 'requestId', message: id.error.issues[0]?.message ?? '' }];
    return { ...known, refusal: new Refusal('validation-failed', 'the request id is not valid', { details }) };
  }
  return { ...known, fields };
}

/** Parses a command's fields by its schema. Throws a `Refusal`: `validation-failed`, or `too-large` for a long text. */
export function parseFields<A extends Action>(action: A, fields: Record<string, unknown>): CommandInput<A> {
  const parsed = actions[action].fields.safeParse(fields, { error: faultWords });
  if (parsed.success) return parsed.data as CommandInput<A>;
  const { issues } = parsed.error;
  const details = issues.flatMap(toDetails).slice(0, ERROR_DETAILS_MAX);
  if (issues.every((issue) => issue.code === 'custom' && issue.params?.code === TOO_LARGE)) {
    throw new Refusal('too-large', 'a text is too long', { details });
  }
  throw new Refusal('validation-failed', 'the fields are not valid', { details });
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Paths and reasons, never values. A field's name is the client's own text, so it is cut short and made well-formed. */
function toDetails({ message, ...issue }: z.core.$ZodIssue): ErrorDetail[] {
  const detail = (names: readonly PropertyKey[]) => ({
    path: cutToLength(names.map(String).join('.'), PATH_MAX_LENGTH),
    message,
  });
  if (issue.code !== 'unrecognized_keys') return [detail(issue.path)];
  return issue.keys.map((key) => detail([...issue.path, cutToLength(key, UNKNOWN_FIELD_MAX_LENGTH)]));
}
