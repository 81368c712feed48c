import * as z from 'zod';
import { mapBounded } from '../../shared/domain/map-bounded.ts';
import type { Report } from '../../shared/domain/report.ts';
import { type BatchAnswer, failures } from './stream-event.ts';

/** Each message is read by itself: one that is not as expected must not take the others of its batch along. */
const queueEvent = z.object({ Records: z.array(z.looseObject({ messageId: z.string() })) });

const queueMessage = z.object({
  body: z.string(),
  attributes: z.object({ ApproximateReceiveCount: z.coerce.number() }),
});

/** A message of a queue. */
export interface QueueMessage {
  /** What was sent, from its JSON. */
  readonly body: unknown;
  /** Whether it came before: its handling failed then, or was cut off. */
  readonly again: boolean;
}

/**
 * Handles each message of a queue's batch by itself, and tells Lambda which must come again: those that failed, that
 * could not be read, or that took longer than `limitMs`, the function's time less what it takes to say so. The queue
 * keeps for a person what has failed too often; the others are done.
 * @param stage under which a failure is reported.
 */
export async function eachMessage(
  event: unknown,
  { stage, report, limitMs }: { readonly stage: string; readonly report: Report; readonly limitMs: number },
  handle: (message: QueueMessage) => Promise<void>,
): Promise<BatchAnswer> {
  const failed = await mapBounded(queueEvent.parse(event).Records, async ({ messageId, ...rest }) => {
    try {
      const { body, attributes } = queueMessage.parse(rest);
      const message = { body: JSON.parse(body), again: attributes.ApproximateReceiveCount > 1 };
      await within(limitMs, handle(message));
      return [];
    } catch (error) {
      report(stage, error);
      return [messageId];
    }
  });
  return failures(failed.flat());
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
