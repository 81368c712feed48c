import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { EntryFrame } from '@parley/client';

/** `detail` of an event `entries-appended`: new entries of one conversation, in the order of its log. */
export interface EntriesAppended {
  readonly conversationId: string;
  /** The first and the last `seq`. */
  readonly from: number;
  readonly to: number;
  /** What clients get. Absent if an operator delivers again: then they are to be read from the log. */
  readonly entries?: readonly { readonly frame: EntryFrame }[];
}

const sqs = new SQSClient({});

/**
 * Puts each mention on a queue, for whoever writes the e-mail. Events come at least once and in any order: to do a thing
 * once only, remember its `conversationId` and `seq`. What is thrown here makes Lambda try the event again.
 */
export async function handler({ detail }: { readonly detail: EntriesAppended }): Promise<void> {
  for (const { frame } of detail.entries ?? []) {
    if (frame.event !== 'receive-message') continue;
    const { conversationId, seq, senderId, mentions = [] } = frame.data;
    for (const userId of mentions) {
      const MessageBody = JSON.stringify({ userId, senderId, conversationId, seq });
      await sqs.send(new SendMessageCommand({ QueueUrl: process.env.MENTIONS_QUEUE_URL, MessageBody }));
    }
  }
}
