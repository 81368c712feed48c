import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../scripts/common/paths.ts';
import { createGeneral } from '../../scripts/start/demo.ts';
import { instructions } from '../../scripts/start/instructions.ts';
import { deployedStack } from '../support/deployed-stack.ts';
import { tokenFor } from '../support/tokens.ts';
import { Wscat } from '../support/wscat.ts';

const stack = deployedStack();
const open: Wscat[] = [];
let printed: string;

/** What `npm start` prints when it is ready. Only its `wscat` lines and frames are used. */
beforeAll(async () => {
  const users = await Promise.all(
    ['alice', 'bob'].map(async (userId) => ({ userId, token: await tokenFor(stack.issuer, userId) })),
  );
  await createGeneral(stack.webSocketUrl, users[0]?.token ?? '');
  const { issuer, audience } = stack.issuer;
  printed = instructions({ ...stack, pid: process.pid, issuer, audience, users }, 1);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.end()));
});

/** Runs the printed `wscat` line of each user. */
async function sessions(): Promise<readonly [alice: Wscat, bob: Wscat]> {
  const lines = printed.match(/npx wscat .*/g) ?? [];
  expect(lines).toHaveLength(2);
  const [alice, bob] = await Promise.all(lines.map((line) => Wscat.run(line)));
  open.push(...[alice, bob].filter((session) => session !== undefined));
  return [alice as Wscat, bob as Wscat];
}

function framesIn(text: string): string[] {
  return text.match(/^ *\{"action":.*\}$/gm)?.map((line) => line.trim()) ?? [];
}

describe('two terminals with wscat', () => {
  test('the frames that npm start prints can be pasted', async () => {
    const [alice, bob] = await sessions();
    const frames = framesIn(printed);

    for (const frame of frames) alice.type(frame);
    bob.type(frames[0] ?? '');

    await alice.shows(/< \{"event":"joined-conversation","requestId":"1"/);
    await alice.shows(/< \{"event":"message-sent","requestId":"2".*"content":"Hello!"/);
    await alice.shows(/< \{"event":"history","requestId":"3"/);
    await bob.shows(/< \{"event":"joined-conversation","requestId":"1"/);
    expect(frames).toHaveLength(4);
  });

  test('the walk-through of the README works when pasted', async () => {
    const [alice, bob] = await sessions();
    const section = /## Talk to it by hand\n(.*?)\n## /s.exec(
      await readFile(join(PROJECT_ROOT, 'README.md'), 'utf8'),
    )?.[1];
    const [join_ = '', send = '', ...more] = framesIn(section ?? '');

    for (const session of [alice, bob]) {
      session.type(join_);
      await session.shows(/< \{"event":"joined-conversation","requestId":"1"/);
    }
    alice.type(send);
    await alice.shows(/< \{"event":"message-sent","requestId":"2"/);
    await bob.shows(/< \{"event":"receive-message","data":\{"conversationId":"general".*"content":"Hello!"/);
    alice.type(send);
    await alice.shows(/"duplicate":true/);
    for (const frame of more) alice.type(frame);
    await bob.shows(/< \{"event":"user-typing"/);
    await alice.shows(/"event":"reaction-added","requestId":"3"/);
    await bob.shows(/"event":"reaction-added","data"/);
    await alice.shows(/"event":"history","requestId":"4"/);
    await alice.shows(/"event":"pong","requestId":"5"/);
    await alice.shows(/"event":"conversation-created","requestId":"6"/);
    expect(more).toHaveLength(5);
  });
});
