import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../shared/domain/entry.ts';
import type { Stores } from '../../shared/domain/ports.ts';
import { Chat, type ChatOptions, type Client } from '../support/chat.ts';
import { createGroup, quietDown, setRole } from '../support/groups.ts';
import { answer } from '../support/interleaved-group.ts';
import { explore, type Outcome, type Scheduler } from '../support/scheduler.ts';

/** Calls whose order changes nothing here: rates are kept per user, and of an outsider only the error is looked at. */
const passing = ['takeToken', 'statuses', 'memberPage', 'conversation'];
const options = { passing, endsCommute: true };
/** Who meets a commit that is not over conflicts with it, and after a dozen tries is asked to wait. */
const BUSY = 'rate-limited';
const WHILE = 'said while it happened';

interface Scene {
  readonly chat: Chat;
  readonly conversationId: string;
  readonly owner: Client;
  readonly member: Client;
}

async function prepare(
  scheduler: Scheduler,
  splitCommits: 'entry-first' | 'entry-last',
  chatOptions: ChatOptions = {},
): Promise<Scene> {
  const chat = new Chat({ ...chatOptions, memory: { before: scheduler.before, splitCommits } });
  const [owner, member] = [await chat.connect('olga'), await chat.connect('mia')];
  const conversationId = await createGroup(chat, owner, member);
  await chat.ask(owner, 'send-message', { conversationId, content: 'first' });
  await quietDown(chat);
  return { chat, conversationId, owner, member };
}

function log({ chat, conversationId }: Scene): readonly Entry[] {
  const entries = chat.stores.state.log(conversationId).current;
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  return entries;
}

/** The fault: puts an entry without looking again at its sender's row, as if that could not be older than the log. */
function trustsTheTail(stores: Stores): Stores {
  const append: Stores['log']['append'] = (entry, changes) =>
    stores.log.append(
      entry,
      changes.filter(({ type }) => type !== 'sender'),
    );
  return { ...stores, log: { ...stores.log, append } };
}

/** What a restriction forbids its subject: it is none of the subject's entries that may follow the restriction's own. */
const RESTRICTIONS = {
  'a removal': { action: 'remove-member', fields: {} },
  'a ban': { action: 'update-member', fields: { banned: true } },
  'a mute': { action: 'update-member', fields: { mutedUntil: '2040-01-01T00:00:00.000Z' } },
} as const;

describe.each(['entry-first', 'entry-last'] as const)('commits whose items show one by one, %s', (splitCommits) => {
  for (const [name, { action, fields }] of Object.entries(RESTRICTIONS)) {
    const sendAgainst = (chatOptions: ChatOptions) => async (scheduler: Scheduler) => {
      const at = await prepare(scheduler, splitCommits, chatOptions);
      const { chat, conversationId, owner, member } = at;
      const command = { conversationId, userId: member.userId, ...fields };
      return {
        tasks: {
          restrict: () => chat.command(owner, action, command),
          send: () => chat.command(member, 'send-message', { conversationId, content: WHILE }),
        },
        verify: ({ restrict, send }: Record<string, Outcome>) => {
          expect(answer(restrict)).toMatch(/member-left|member-updated|rate-limited/);
          expect(answer(send)).toMatch(/message-sent|conversation-not-found|forbidden|muted|rate-limited/);
          const entries = log(at);
          const from = entries.findIndex(({ kind }) => kind === 'member-left' || kind === 'member-updated');
          expect(from === -1).toBe(answer(restrict) === BUSY);
          if (from >= 0) expect(entries.slice(from).filter(({ senderId }) => senderId === member.userId)).toEqual([]);
        },
      };
    };

    test(`MEMB-3: nothing from a user is appended after ${name}`, async () => {
      await explore(sendAgainst({}), options);
    });

    if (splitCommits === 'entry-first') {
      test(`MEMB-3: an append that takes its sender's row for as new as the log is caught after ${name}`, async () => {
        await expect(explore(sendAgainst({ broken: trustsTheTail }), options)).rejects.toThrow('in the order');
      });
    }
  }

  test('slow mode lets through one message of two that are sent at once', async () => {
    await explore(async (scheduler) => {
      const at = await prepare(scheduler, splitCommits);
      const { chat, conversationId, owner, member } = at;
      await chat.ask(owner, 'update-conversation', { conversationId, slowModeSeconds: 60 });
      const send = () => chat.command(member, 'send-message', { conversationId, content: WHILE });
      return {
        tasks: { a: send, b: send },
        verify: ({ a, b }) => {
          expect([answer(a), answer(b)].sort()).toEqual(['message-sent', 'rate-limited']);
          expect(JSON.stringify(log(at)).split(WHILE)).toHaveLength(2);
        },
      };
    }, options);
  });
});

test('ROLE-1: an admin whose demotion shows in the log alone removes nobody', async () => {
  const { promise: over, resolve: finish } = Promise.withResolvers<void>();
  let holds = false;
  const before = async ({ operation }: { operation: string }) => (holds && operation === 'commit' ? over : undefined);
  const chat = new Chat({ memory: { before, splitCommits: 'entry-first' } });
  const [owner, admin] = [await chat.connect('olga'), await chat.connect('mia')];
  const conversationId = await createGroup(chat, owner, admin);
  await chat.ask(owner, 'add-member', { conversationId, userId: 'zoe' });
  await setRole(chat, owner, conversationId, admin.userId, 'admin');
  const entries = () => chat.stores.state.log(conversationId).current;
  const known = entries().length;
  holds = true;
  const demotion = { conversationId, userId: admin.userId, role: 'member' } as const;
  const demoted = chat.ask(owner, 'update-member', demotion);
  while (entries().length === known) await nextTurn();
  expect(await chat.refusal(admin, 'remove-member', { conversationId, userId: 'zoe' })).toMatchObject({ code: BUSY });
  finish();
  await demoted;
  expect(entries().slice(known)).toMatchObject([{ kind: 'member-updated' }]);
  expect(await chat.refusal(admin, 'remove-member', { conversationId, userId: 'zoe' })).toMatchObject({
    code: 'forbidden',
  });
});
