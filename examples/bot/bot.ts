/** A bot in one channel: tells the time when somebody writes `!time`, and repeats to whoever mentions it. */
import { createClient, type Message } from '@parley/client';

const { PARLEY_URL: url, PARLEY_TOKEN: token, PARLEY_CONVERSATION: conversationId = 'general' } = process.env;
if (!url || !token) throw new Error('Set PARLEY_URL and PARLEY_TOKEN; examples/README.md says to what.');

// The local emulator, which is not behind TLS, answers no subprotocol.
const client = createClient({ url, token: () => token, tokenIn: url.startsWith('wss:') ? 'subprotocol' : 'query' });
client.on('state', ({ current, reason }) => console.log(`${current}: ${reason}`));
await client.connect();
const conversation = await client.conversations.get(conversationId).join();

conversation.on('message', (message) => {
  const content = answerTo(message);
  // Stored in the outbox first: it arrives once, however often the connection breaks meanwhile.
  if (content)
    conversation.send({ content, replyTo: message.seq }).catch((error: Error) => console.error(error.message));
});
console.log(`${client.userId} listens in ${conversationId}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => client.close());

/** What to say to a message, if anything. Its own are not answered, or two bots would talk for ever. */
function answerTo({ senderId, content = '', mentions = [] }: Message): string | undefined {
  if (senderId === client.userId) return undefined;
  if (content.trim() === '!time') return `It is ${new Date().toISOString()}.`;
  return mentions.includes(client.userId ?? '') ? `${senderId} said: ${content}`.slice(0, 4_000) : undefined;
}
