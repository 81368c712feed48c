/**
 * `npm run bench`: how often appends to one conversation collide, and what a fan-out costs. Uses the in-memory stores,
 * with waits like those of the real ones. Prints ratios to the first row of each table and asserts nothing.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { packFrames } from '../../shared/protocol/frames.ts';
import { sendMessage } from '../../shared/usecases/messages/send-message.ts';
import { Chat } from '../support/chat.ts';

/** About what a call to DynamoDB takes within a region. */
const CALL_MS = 5;
const SECONDS = 2;

/** Lets `perSecond` users a second send once, at random moments. Gives appends tried for each one that succeeded. */
async function triesPerMessage(perSecond: number): Promise<number> {
  let tries = 0;
  const chat = new Chat({
    memory: {
      before: async ({ operation }) => {
        if (operation === 'append') tries += 1;
        await wait(CALL_MS);
      },
    },
  });
  const userIds = Array.from({ length: perSecond * SECONDS }, (_, index) => `user${index}`);
  const owner = await chat.connect('owner');
  await chat.ask(owner, 'create-conversation', { kind: 'channel', conversationId: 'tea' });
  const clients = [];
  for (const userId of userIds) {
    const client = await chat.connect(userId);
    await chat.ask(client, 'join', { conversationId: 'tea' });
    clients.push(client);
  }
  const deps = { ...chat.deps, clock: { now: Date.now, sleep: (ms: number) => wait(ms) }, random: Math.random };
  await Promise.all(
    clients.map(async (client) => {
      await wait(Math.random() * SECONDS * 1000);
      await sendMessage(deps, chat.actor(client), { conversationId: 'tea', content: 'hello' });
    }),
  );
  return tries / clients.length;
}

/** Texts to post to one recipient of a burst, against one text a message. */
function textsPerBurst(messages: number): number {
  const data = { conversationId: 'tea', userId: 'ann', isTyping: true };
  return packFrames(Array.from({ length: messages }, () => ({ event: 'user-typing' as const, data }))).length;
}

console.log('messages/s in one conversation   puts per message   ratio');
let base = 0;
for (const perSecond of [1, 10, 25, 50]) {
  const tries = await triesPerMessage(perSecond);
  base ||= tries;
  console.log(
    `${String(perSecond).padStart(29)} ${tries.toFixed(2).padStart(18)} ${(tries / base).toFixed(2).padStart(7)}`,
  );
}
console.log('\nentries in one batch   posts per recipient   posts per entry');
for (const entries of [1, 5, 25, 100]) {
  const texts = textsPerBurst(entries);
  console.log(
    `${String(entries).padStart(20)} ${String(texts).padStart(21)} ${(texts / entries).toFixed(2).padStart(17)}`,
  );
}
