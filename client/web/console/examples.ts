import type { ActionRecord, ExampleContext } from '../../../shared/protocol/actions/action.ts';
import { actions } from '../../../shared/protocol/actions.ts';

/** A frame that shows what an action takes. */
export interface Example {
  /** Its subject: the examples of one subject stand together. */
  readonly subject: string;
  readonly title: string;
  /** Indented JSON with a `requestId`, ready to be changed and sent. */
  text(context: ExampleContext): string;
}

/** Every example of every action of the protocol. */
export const EXAMPLES: readonly Example[] = Object.entries<ActionRecord>(actions).flatMap(
  ([action, { subject, examples }]) =>
    examples.map(({ variant, fields }) => ({
      subject,
      title: variant === undefined ? action : `${action}, ${variant}`,
      text: (context) => frameOf(action, context.id, fields(context)),
    })),
);

function frameOf(action: string, id: string, fields: unknown): string {
  return JSON.stringify({ action, requestId: `raw-${id.slice(0, 8)}`, ...(fields as object) }, null, 2);
}
