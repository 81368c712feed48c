import { describe, expect, test } from 'vitest';
import type { Entry } from '../../shared/domain/entry.ts';
import type { LogStore, Stores } from '../../shared/domain/ports.ts';
import { Chat, type ChatOptions, type Client } from '../support/chat.ts';
import { createGroup, setRole } from '../support/groups.ts';
import { answer, type InterleavedGroup } from '../support/interleaved-group.ts';
import { explore, type Outcome, type Scheduler } from '../support/scheduler.ts';

/** Calls whose order changes nothing here: rates are kept per user. */
const passing = ['takeToken', 'statuses'];

async function createInterleavedGroup(scheduler: Scheduler, options: ChatOptions = {}): Promise<InterleavedGroup> {
  const chat = new Chat({ ...options, memory: { before: scheduler.before } });
  const [owner, member] = [await chat.connect('olga'), await chat.connect('mia')];
  const conversationId = await createGroup(chat, owner, member);
  await chat.ask(owner, 'send-message', { conversationId, content: 'first' });
  return { chat, conversationId, owner, member };
}

function log({ chat, conversationId }: InterleavedGroup): readonly Entry[] {
  const entries = chat.stores.state.log(conversationId).current;
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  return entries;
}

/** The fault that the design warns of: decides once, and after a lost race only puts again at the next seq. */
function decidesOnce(stores: Stores): Stores {
  const append: LogStore['append'] = async (entry, changes) => {
    for (let seq = entry.seq; ; seq += 1) {
      const outcome = await stores.log.append({ ...entry, seq }, changes);
      if (outcome.committed || !outcome.winner) return outcome;
    }
  };
  return { ...stores, log: { ...stores.log, append } };
}

describe('commands on one log at the same time, in every order of their calls', () => {
  const endings = { removal: 'remove-member', ban: 'update-member' } as const;
  for (const [name, action] of Object.entries(endings)) {
    const sendAgainst = (options: ChatOptions) => async (scheduler: Scheduler) => {
      const at = await createInterleavedGroup(scheduler, options);
      const { chat, conversationId, owner, member } = at;
      const fields = { conversationId, userId: member.userId, ...(name === 'ban' && { banned: true }) };
      return {
        tasks: {
          end: () => chat.command(owner, action, fields),
          send: () => chat.command(member, 'send-message', { conversationId, content: 'mine' }),
        },
        verify: ({ end, send }: Record<string, Outcome>) => {
          expect(answer(end)).toMatch(/member-left|member-updated/);
          expect(answer(send)).toMatch(/message-sent|conversation-not-found/);
          const entries = log(at);
          const last = entries.findIndex(({ kind }) => kind === 'member-left' || kind === 'member-updated');
          expect(entries.slice(last).filter(({ senderId }) => senderId === member.userId)).toEqual([]);
        },
      };
    };

    test(`MEMB-3: nothing from a user is appended after a ${name}`, async () => {
      await explore(sendAgainst({}), { passing });
    });

    test(`MEMB-3: an append that decides only once is caught writing after a ${name}`, async () => {
      await expect(explore(sendAgainst({ broken: decidesOnce }), { passing })).rejects.toThrow('in the order');
    });
  }

  const twoOwnersLeave = (options: ChatOptions) => async (scheduler: Scheduler) => {
    const at = await createInterleavedGroup(scheduler, options);
    const { chat, conversationId, owner, member } = at;
    await setRole(chat, owner, conversationId, member.userId, 'owner');
    const leave = (user: Client) => () => chat.command(user, 'remove-member', { conversationId, userId: user.userId });
    return {
      tasks: { a: leave(owner), b: leave(member) },
      verify: ({ a, b }: Record<string, Outcome>) => {
        expect([answer(a), answer(b)].sort()).toEqual(['conflict', 'member-left']);
        expect(log(at).at(-1)).toMatchObject({ owners: 1, members: 1 });
      },
    };
  };

  test('MEMB-2: if both owners leave at once, one of them stays', async () => {
    await explore(twoOwnersLeave({}), { passing });
  });

  test('MEMB-2: an append that decides only once is caught leaving no owner', async () => {
    await expect(explore(twoOwnersLeave({ broken: decidesOnce }), { passing })).rejects.toThrow('in the order');
  });

  for (const after of [undefined, 0]) {
    const sendTwice = (options: ChatOptions) => async (scheduler: Scheduler) => {
      const at = await createInterleavedGroup(scheduler, options);
      const { chat, conversationId, member } = at;
      const message = { conversationId, content: 'once', clientMessageId: 'm1', ...(after !== undefined && { after }) };
      const send = () => chat.command(member, 'send-message', message);
      return {
        tasks: { a: send, b: send },
        verify: ({ a, b }: Record<string, Outcome>) => {
          expect([answer(a), answer(b)]).toEqual(['message-sent', 'message-sent']);
          expect(log(at).filter(({ clientMessageId }) => clientMessageId === 'm1')).toHaveLength(1);
        },
      };
    };

    test(`SEND-3: two sends with the same clientMessageId make one entry, after: ${after}`, async () => {
      await explore(sendTwice({}), { passing });
    });

    test(`SEND-3: an append that decides only once is caught sending twice, after: ${after}`, async () => {
      await expect(explore(sendTwice({ broken: decidesOnce }), { passing })).rejects.toThrow('in the order');
    });
  }

  test('EDIT-1, EDIT-2: no edit, deletion or reaction is lost, and nothing follows the deletion', async () => {
    await explore(
      async (scheduler) => {
        const at = await createInterleavedGroup(scheduler);
        const { chat, conversationId, owner, member } = at;
        const target = { conversationId, seq: 1 };
        return {
          tasks: {
            edit: () => chat.command(owner, 'edit-message', { ...target, content: 'second' }),
            erase: () => chat.command(owner, 'delete-message', target),
            react: () => chat.command(member, 'add-reaction', { ...target, emoji: '👍' }),
          },
          verify: ({ edit, erase, react }: Record<string, Outcome>) => {
            expect(answer(erase)).toBe('message-deleted');
            expect(answer(edit)).toMatch(/message-updated|conflict/);
            expect(answer(react)).toMatch(/reaction-added|conflict/);
            const entries = log(at);
            expect(entries.at(-1)?.kind).toBe('message-deleted');
            expect(entries[0]).toMatchObject({ rev: entries.length, reactions: [] });
            expect(JSON.stringify(entries)).not.toMatch(/first|second/);
          },
        };
      },
      { passing, endsCommute: true },
    );
  });

  test('MEMB-0: two users are not added where there is room for one', async () => {
    await explore(
      async (scheduler) => {
        const chat = new Chat({ memory: { before: scheduler.before } });
        const [owner, admin] = [await chat.connect('olga'), await chat.connect('ada')];
        const conversationId = await createGroup(chat, owner, admin);
        await setRole(chat, owner, conversationId, admin.userId, 'admin');
        fill(chat, conversationId, 999);
        const add = (by: Client, userId: string) => () => chat.command(by, 'add-member', { conversationId, userId });
        return {
          tasks: { a: add(owner, 'new1'), b: add(admin, 'new2') },
          verify: ({ a, b }) => {
            expect([answer(a), answer(b)].sort()).toEqual(['conflict', 'member-joined']);
            expect(chat.stores.state.log(conversationId).current.at(-1)?.members).toBe(1_000);
          },
        };
      },
      { passing },
    );
  });
});

/** Makes the log say that its group has this many members, without adding them one by one. */
function fill(chat: Chat, conversationId: string, members: number): void {
  const entries = chat.stores.state.log(conversationId).current;
  chat.stores.state.putEntries(conversationId, [{ ...(entries.at(-1) as Entry), members }]);
}
