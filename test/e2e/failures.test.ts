import { readFile } from 'node:fs/promises';
import { GetQueueAttributesCommand, paginateListQueues, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect } from 'vitest';
import { STACK_NAME } from '../../scripts/start/local-stack.ts';
import { test } from '../support/deployed-chat.ts';
import { deployedStack } from '../support/deployed-stack.ts';

const { endpoint, region, credentials, outputs, emulatorLog } = deployedStack();

/**
 * The number of messages in each queue of the chat's own stack, but in that of presence, where checks wait. An example
 * that other tests deploy next to it has a queue whose messages are its work.
 */
async function queues(): Promise<[string, string | undefined][]> {
  const client = new SQSClient({ endpoint, region, credentials });
  const found: [string, string | undefined][] = [];
  for await (const { QueueUrls = [] } of paginateListQueues({ client }, { QueueNamePrefix: `${STACK_NAME}-` })) {
    for (const QueueUrl of QueueUrls) {
      if (QueueUrl === outputs.PresenceQueueUrl) continue;
      const query = { QueueUrl, AttributeNames: ['ApproximateNumberOfMessages' as const] };
      const { Attributes } = await client.send(new GetQueueAttributesCommand(query));
      found.push([QueueUrl.split('/').at(-1) ?? '', Attributes?.ApproximateNumberOfMessages]);
    }
  }
  client.destroy();
  return found;
}

describe('what follows a commit', () => {
  test('has failed nowhere between the tables and the sockets, in this run so far', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const group = await chat.group(alice, bob);
    await alice.say(conversationId, 'hello');
    await bob.next('conversation-created');
    await bob.hears('hello');
    await alice.append('remove-member', { conversationId: group.conversationId, userId: bob.userId });
    await bob.next('member-left');
    await bob.socket.kill();
    await alice.next(({ event, data }) => event === 'user:offline' && data.userId === bob.userId);

    const held = await queues();
    expect(held.length).toBeGreaterThanOrEqual(4);
    expect(held.filter(([, messages]) => messages !== '0')).toEqual([]);
    const failed = (await readFile(emulatorLog, 'utf8')).split('\n').filter((line) => line.includes('"level":"ERROR"'));
    expect(failed).toEqual([]);
  });
});
