import { describe, expect, test } from 'vitest';
import { conversationRoom } from '../../shared/domain/connection.ts';
import type { Stores } from '../../shared/domain/ports.ts';
import type { ReplyFrame } from '../../shared/protocol/frames.ts';
import { Chat, type ChatOptions, type Client } from '../support/chat.ts';
import { quietDown } from '../support/groups.ts';
import { answer, createInterleavedGroup } from '../support/interleaved-group.ts';
import { explore, type Outcome, type Scheduler } from '../support/scheduler.ts';

const options = {
  passing: ['takeToken', 'statuses', 'memberPage', 'read', 'since', 'head', 'tail'],
  endsCommute: true,
};

/** The fault: writes a member's whole row as it was read, with its marks. */
function writesWholeRows(stores: Stores): Stores {
  const append: Stores['log']['append'] = async (entry, changes) => {
    const outcome = await stores.log.append(entry, changes);
    const { state } = stores as Chat['stores'];
    for (const change of changes) if (outcome.committed && change.type === 'member') state.putMember(change.next);
    return outcome;
  };
  return { ...stores, log: { ...stores.log, append } };
}

describe('changes of a member at the same time, in every order of their calls', () => {
  test('CONV-1: two users who both create their direct conversation at once get the same one', async () => {
    await explore(async (scheduler) => {
      const chat = new Chat({ memory: { before: scheduler.before } });
      const [a, b] = [await chat.connect('a'), await chat.connect('b')];
      const create = (user: Client, other: string) => () =>
        chat.ask(user, 'create-conversation', { kind: 'direct', members: [other] });
      return {
        tasks: { a: create(a, 'b'), b: create(b, 'a') },
        verify: (outcomes) => {
          const made = Object.values(outcomes).map(
            (one) => (one as PromiseFulfilledResult<{ unchanged?: true }>).value,
          );
          const [first, second] = made.map(({ unchanged: _, ...conversation }) => conversation);
          expect(first).toEqual(second);
          expect(made.map(({ unchanged }) => unchanged).sort()).toEqual([true, undefined]);
          expect(chat.stores.state.conversations.size).toBe(1);
        },
      };
    });
  });

  const markAgainstRole = (faulty: ChatOptions) => async (scheduler: Scheduler) => {
    const { chat, conversationId, owner, member } = await createInterleavedGroup(scheduler, faulty);
    const { userId } = member;
    for (const content of ['a', 'b']) await chat.ask(owner, 'send-message', { conversationId, content });
    return {
      tasks: {
        mark: () => chat.command(member, 'mark', { conversationId, readSeq: 2 }),
        lower: () => chat.command(member, 'mark', { conversationId, readSeq: 1, deliveredSeq: 2 }),
        role: () => chat.command(owner, 'update-member', { conversationId, userId, role: 'admin' }),
      },
      verify: ({ mark, lower, role }: Record<string, Outcome>) => {
        expect([answer(mark), answer(lower), answer(role)]).toEqual(['marked', 'marked', 'member-updated']);
        const row = chat.stores.state.member(conversationId, userId);
        expect(row).toMatchObject({ role: 'admin', readSeq: 2, readN: 2, deliveredSeq: 2 });
      },
    };
  };

  test('READ-1: neither a lower mark nor a change of role lowers the marks', async () => {
    await explore(markAgainstRole({}), options);
  });

  test('READ-1: a change of role that writes the row as it was read is caught', async () => {
    await expect(explore(markAgainstRole({ broken: writesWholeRows }), options)).rejects.toThrow('in the order');
  });

  test('MEMB-3: a mark while the user is removed and added again never lowers the marks', async () => {
    await explore(async (scheduler) => {
      const { chat, conversationId, owner, member } = await createInterleavedGroup(scheduler);
      const { userId } = member;
      for (const content of ['a', 'b']) await chat.ask(owner, 'send-message', { conversationId, content });
      return {
        tasks: {
          mark: () => chat.command(member, 'mark', { conversationId, readSeq: 2 }),
          again: async () => {
            await chat.ask(owner, 'remove-member', { conversationId, userId });
            return chat.command(owner, 'add-member', { conversationId, userId });
          },
        },
        verify: ({ mark, again }) => {
          expect(answer(again)).toBe('member-joined');
          expect(answer(mark)).toMatch(/marked|conversation-not-found/);
          const row = chat.stores.state.member(conversationId, userId);
          expect(row).toMatchObject({ state: 'active', readSeq: 4, readN: 2, deliveredSeq: 4 });
        },
      };
    }, options);
  });

  test('JOIN-3: a removed user who joins again while being banned stays banned, without a subscription', async () => {
    await explore(async (scheduler) => {
      const chat = new Chat({ memory: { before: scheduler.before } });
      const [owner, user] = [await chat.connect('olga'), await chat.connect('mia')];
      const { conversationId } = await chat.ask(owner, 'create-conversation', { kind: 'channel' });
      await chat.ask(user, 'join', { conversationId });
      await chat.ask(owner, 'remove-member', { conversationId, userId: user.userId });
      return {
        tasks: {
          ban: () => chat.command(owner, 'update-member', { conversationId, userId: user.userId, banned: true }),
          join: () => chat.command(user, 'join', { conversationId }),
        },
        verify: ({ ban, join }) => {
          expect(answer(ban)).toBe('member-updated');
          expect(answer(join)).toMatch(/joined-conversation|forbidden/);
          expect(chat.stores.state.member(conversationId, user.userId)).toMatchObject({ state: 'banned' });
          const rooms = [...chat.stores.state.subscriptions.values()].map(({ room }) => room.kind);
          expect(rooms).not.toContain('conversation');
        },
      };
    }, options);
  });

  for (const goes of [true, false]) {
    test(`PRES-1: presence converges when it is checked while the user ${goes ? 'leaves' : 'joins'}`, async () => {
      await explore(
        async (scheduler) => {
          const { chat, conversationId, owner, member } = await createInterleavedGroup(scheduler);
          await chat.ask(owner, 'join', { conversationId });
          if (goes) await chat.ask(member, 'join', { conversationId });
          await quietDown(chat);
          const room = conversationRoom(conversationId);
          const check = { room, userId: member.userId };
          return {
            tasks: {
              move: () => chat.command(member, goes ? 'leave' : 'join', { conversationId }),
              look: () => chat.streams.settle(check),
              lookToo: () => chat.streams.settle(check),
            },
            verify: async () => {
              await chat.pump('quiet');
              const row = await chat.stores.connections.presence(room, member.userId);
              expect(row?.online).toBe(!goes);
              expect(newest(chat.gateway.take(owner.connectionId))).toBe(goes ? 'user:offline' : 'user:online');
            },
          };
        },
        { ...options, passing: [...options.passing, 'member', 'conversation', 'subscriptions'] },
      );
    });
  }
});

/** The event that counts for a client that drops older versions. */
function newest(frames: readonly ReplyFrame[]): string | undefined {
  const presence = frames.filter(({ event }) => event.startsWith('user:'));
  const versions = presence.map(({ data }) => (data as { version: number }).version);
  return presence[versions.indexOf(Math.max(...versions))]?.event;
}
