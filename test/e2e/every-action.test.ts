import { expect } from 'vitest';
import type { ExampleContext } from '../../shared/protocol/actions/action.ts';
import { type Action, actionNames, actions, isReplying, type ReplyingAction } from '../../shared/protocol/actions.ts';
import { type DeployedChat, type DeployedClient, test } from '../support/deployed-chat.ts';

/** Needs a real token; `token-expiry.test.ts` has one. */
const ELSEWHERE: ReadonlySet<Action> = new Set<Action>(['refresh-token']);
const replying = actionNames.filter(isReplying).filter((action) => !ELSEWHERE.has(action));

/** A group of ann's with bob, or without, and a new message of hers. */
async function context(chat: DeployedChat, ann: DeployedClient, bob: DeployedClient, isMember: boolean) {
  const { conversationId } = isMember ? await chat.group(ann, bob) : await chat.group(ann);
  await ann.ask('join', { conversationId });
  const { seq } = await ann.say(conversationId, 'before');
  const ids = { id: chat.id('example'), me: ann.userId, other: bob.userId };
  return { conversationId, seq, position: seq, ...ids, now: new Date() } satisfies ExampleContext;
}

/** Sends an action's first example. Gives whether it succeeded; a failure of the server's own is one of the test. */
async function succeeds(ann: DeployedClient, action: ReplyingAction, about: ExampleContext): Promise<boolean> {
  const { event = '', data } = await ann.command(action, actions[action].examples[0]?.fields(about) as never);
  expect(data.code, `${action}: ${data.message}`).not.toBe('internal');
  return event === actions[action].reply.event;
}

test('every action that is answered succeeds through a real socket, by the first example of its record', async ({
  chat,
}) => {
  const [ann, bob] = await chat.connectAll('ann', 'bob');
  for (const action of replying) {
    const done =
      (await succeeds(ann, action, await context(chat, ann, bob, true))) ||
      (await succeeds(ann, action, await context(chat, ann, bob, false)));
    expect(done, `${action} succeeds neither about a member nor about an outsider`).toBe(true);
  }
});
