import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeAll, describe, expect, vi } from 'vitest';
import { buildClient } from '../../client/build.ts';
import { handler } from '../../examples/cdk-app/orders/index.mjs';
import { BINARIES_DIR, LOCAL_DIR, PROJECT_ROOT } from '../../scripts/common/paths.ts';
import { run } from '../../scripts/common/processes.ts';
import { installPackages } from '../../scripts/common/python.ts';
import { commandEnvironment } from '../../scripts/emulator/aws-environment.ts';
import { type DeployedChat, type DeployedClient, test } from '../support/deployed-chat.ts';
import { FaultyProxy } from '../support/faulty-proxy.ts';
import { Program } from '../support/program.ts';

const EXAMPLES = join(PROJECT_ROOT, 'examples');
/** A text so long that seven of them fill a page of the log (ENV-1). */
const LONG = 'x'.repeat(3_900);

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

/** Runs an example as a user of this test. */
async function start(
  chat: DeployedChat,
  user: string,
  conversationId: string,
  [command = '', ...parameters]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const program = new Program(command, parameters, {
    PARLEY_URL: chat.stack.webSocketUrl,
    PARLEY_TOKEN: await chat.token(user),
    PARLEY_CONVERSATION: conversationId,
    ...env,
  });
  undo.push(() => program.end());
  return program;
}

function mentions(client: DeployedClient, conversationId: string, content: string, userId: string) {
  return client.ask('send-message', { conversationId, content, mentions: [userId] });
}

describe('examples/bot', () => {
  beforeAll(() => buildClient(), 60_000);

  test('answers !time and users who mention it, each once, and nobody else', async ({ chat }) => {
    const [bob] = await chat.connectAll('bob');
    const channel = await chat.channel(bob);
    const bot = await start(chat, 'bot', channel, [process.execPath, join(EXAMPLES, 'bot', 'bot.ts')]);
    await bot.shows(/listens in/);

    await bob.say(channel, 'Does anybody know the time?');
    const asked = await bob.say(channel, '!time');
    const answer = await bob.next(({ event, data }) => event === 'receive-message' && data.replyTo === asked.seq);
    expect(answer.data.content).toMatch(/^It is \d{4}-.*Z\.$/);

    const named = await mentions(bob, channel, 'Hello, bot!', chat.id('bot'));
    const echo = await bob.next(({ event, data }) => event === 'receive-message' && data.replyTo === named.seq);
    expect(echo.data).toMatchObject({ senderId: chat.id('bot'), content: `${bob.userId} said: Hello, bot!` });
    expect(bob.pushed('receive-message')).toHaveLength(2);
  });
});

describe('examples/python-client', () => {
  test('prints the log in order and sends once, despite cuts and a gap of several pages', async ({ chat }) => {
    const { python, packagesDir } = await installPackages(
      'example',
      new URL('../../examples/python-client/requirements.txt', import.meta.url),
    );
    const [bob] = await chat.connectAll('bob');
    const channel = await chat.channel(bob);
    await bob.say(channel, 'before');
    const proxy = await FaultyProxy.before(chat.stack.webSocketUrl);
    undo.push(() => proxy.close());
    const env = { PARLEY_URL: proxy.url, PYTHONPATH: packagesDir };
    const client = await start(chat, 'py', channel, [python, join(EXAMPLES, 'python-client', 'client.py')], env);

    await client.shows(/^1 .*: before$/m);
    client.type('one\n');
    await bob.hears('one');
    await bob.say(channel, 'live');
    await client.shows(/^3 .*: live$/m);

    proxy.refusing = true;
    proxy.cut();
    client.type('two\n');
    for (let i = 4; i <= 18; i += 1) await bob.say(channel, `${i} ${LONG}`);
    proxy.refusing = false;
    await bob.hears('two');
    // The answer too is there: what is lost below is that of the next one.
    await client.shows(/^19 .*: two$/m);
    proxy.halfOpen('down');
    client.type('three\n');
    await bob.hears('three');
    proxy.cut();
    await client.shows(/^20 .*: three$/m);

    const printed = [...client.shown.matchAll(/^(\d+) \S+: (\S+)/gm)].map(([, seq, text]) => [Number(seq), text]);
    const written = ['before', 'one', 'live', ...Array.from({ length: 15 }, (_, i) => String(i + 4)), 'two', 'three'];
    expect(printed).toEqual(written.map((text, index) => [index + 1, text]));
    expect(bob.pushed('receive-message').map(({ data }) => data.content)).toEqual(['one', 'two', 'three']);
  });
});

describe('examples/bus-listener', () => {
  test('is deployed next to the chat and is told of a mention', async ({ chat }) => {
    const directory = join(LOCAL_DIR, `test-${process.pid}-listener`);
    undo.push(() => rm(directory, { recursive: true, force: true }));
    const outputsFile = join(directory, 'outputs.json');
    const { code, output } = await run(
      join(BINARIES_DIR, 'cdk'),
      [
        ...['deploy', '--require-approval', 'never', '--method', 'direct', '--no-notices', '--no-color'],
        ...['--output', join(directory, 'cdk.out'), '--outputs-file', outputsFile],
        ...['-c', 'local=true', '-c', `busName=${chat.stack.outputs.BusName}`],
      ],
      { cwd: join(EXAMPLES, 'bus-listener'), env: commandEnvironment(chat.stack) },
    );
    expect(code, output).toBe(0);
    const { ParleyMentions } = JSON.parse(await readFile(outputsFile, 'utf8'));

    const [bob] = await chat.connectAll('bob');
    const ann = await chat.connect('ann');
    const channel = await chat.channel(bob, ann);
    const { seq } = await mentions(bob, channel, 'Ann, look at this', ann.userId);
    const { endpoint, region, credentials } = chat.stack;
    const sqs = new SQSClient({ endpoint, region, credentials });
    undo.push(() => sqs.destroy());
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: ParleyMentions.MentionsQueueUrl, WaitTimeSeconds: 20 }),
    );
    expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toEqual([
      { userId: ann.userId, senderId: bob.userId, conversationId: channel, seq },
    ]);
  });
});

describe('examples/cdk-app', () => {
  test('reads the log for an event that an operator had delivered again', async ({ chat }) => {
    const [bob] = await chat.connectAll('bob');
    const channel = await chat.channel(bob);
    const { seq } = await bob.say(channel, 'Where is #42?');
    await bob.say(channel, 'And where is #43?');

    const environment = { ...commandEnvironment(chat.stack), CHAT_TABLE: chat.stack.outputs.ChatTableName };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const noted = vi.spyOn(console, 'log').mockImplementation(() => {});
    undo.push(
      () => vi.unstubAllEnvs(),
      () => noted.mockRestore(),
    );
    await handler({ detail: { conversationId: channel, from: seq, to: seq } });
    expect(noted.mock.calls.map(([line]) => JSON.parse(line))).toEqual([
      { order: '#42', conversationId: channel, seq, by: bob.userId },
    ]);
  });
});
