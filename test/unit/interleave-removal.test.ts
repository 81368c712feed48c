import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import type { Stores } from '../../shared/domain/ports.ts';
import type { ChatOptions } from '../support/chat.ts';
import {
  answer,
  createInterleavedGroup,
  type InterleavedGroup,
  joinsDespite,
  subscribers,
} from '../support/interleaved-group.ts';
import { explore, type Outcome, type Scheduler } from '../support/scheduler.ts';

/** Calls whose order changes nothing here: rates are kept per user, and lists apart from the page. */
const passing = ['takeToken', 'statuses', 'memberPage'];
const options = { passing, endsCommute: true };
const SECRET = 'said after the reply to the removal';

/** The fault: a removal leaves the subscriptions as they are. */
function unsubscribesNobody(stores: Stores): Stores {
  return { ...stores, connections: { ...stores.connections, unsubscribe: async () => 'unsubscribed' } };
}

describe('a removal at the same time as a join, in every order of their calls', () => {
  const removalAgainstJoin = (faulty: ChatOptions) => async (scheduler: Scheduler) => {
    const at = await createInterleavedGroup(scheduler, faulty);
    const { chat, conversationId, owner, member } = at;
    return {
      tasks: {
        remove: async () => {
          const reply = await chat.command(owner, 'remove-member', { conversationId, userId: member.userId });
          await chat.ask(owner, 'send-message', { conversationId, content: SECRET });
          return reply;
        },
        join: () => chat.command(member, 'join', { conversationId }),
      },
      verify: async ({ remove, join }: Record<string, Outcome>) => {
        expect(answer(remove)).toBe('member-left');
        expect(answer(join)).toMatch(/joined-conversation|conversation-not-found/);
        expect(JSON.stringify(join)).not.toContain(SECRET);
        expect(subscribers(at)).toEqual([owner.userId]);
        await chat.pump();
        expect(JSON.stringify(chat.gateway.take(member.connectionId))).not.toContain(SECRET);
      },
    };
  };

  test('MEMB-3: a join and a removal at once leave no subscription and show nothing committed later', async () => {
    await explore(removalAgainstJoin({}), options);
  });

  test('MEMB-3: a join that does not check membership in its transaction is caught', async () => {
    await expect(explore(removalAgainstJoin({ broken: joinsDespite('not-active') }), options)).rejects.toThrow(
      'in the order',
    );
  });

  test('MEMB-3: a removal that unsubscribes nobody is caught', async () => {
    await expect(explore(removalAgainstJoin({ broken: unsubscribesNobody }), options)).rejects.toThrow('in the order');
  });

  test('MEMB-3: a broadcast under way does not bring what was committed after the reply to a removal', async () => {
    await explore(
      async (scheduler) => {
        const at = await createInterleavedGroup(scheduler);
        const { chat, conversationId, owner, member } = at;
        await chat.ask(owner, 'send-message', { conversationId, content: 'before' });
        const changes = chat.streams.changes.splice(0);
        await chat.streams.publish(changes);
        const [event] = chat.streams.bus.events.splice(0);
        assert.ok(event);
        return {
          tasks: {
            remove: async () => {
              const reply = await chat.command(owner, 'remove-member', { conversationId, userId: member.userId });
              await chat.ask(owner, 'send-message', { conversationId, content: SECRET });
              return reply;
            },
            join: () => chat.command(member, 'join', { conversationId }),
            broadcast: () => chat.streams.broadcast(event),
          },
          verify: async ({ remove, join }) => {
            expect(answer(remove)).toBe('member-left');
            expect(subscribers(at)).toEqual([owner.userId]);
            await chat.pump();
            expect(JSON.stringify([join, chat.gateway.take(member.connectionId)])).not.toContain(SECRET);
          },
        };
      },
      { ...options, passing: [...passing, 'head', 'read', 'reactions', 'conversation', 'tail'] },
    );
  });

  const readings = {
    history: (at: InterleavedGroup) => at.chat.command(at.member, 'history', { conversationId: at.conversationId }),
    'list-conversations': (at: InterleavedGroup) => at.chat.command(at.member, 'list-conversations', {}),
    'a forward': async (at: InterleavedGroup, elsewhere: string) => {
      const forward = { conversationId: at.conversationId, seq: 4 };
      return at.chat.command(at.member, 'send-message', { conversationId: elsewhere, forward });
    },
    'the group created again': (at: InterleavedGroup) =>
      at.chat.command(at.member, 'create-conversation', { kind: 'group', clientRequestId: 'again' }),
  };
  for (const [name, read] of Object.entries(readings)) {
    test(`MEMB-3: ${name} at the same time shows nothing committed after the reply to the removal`, async () => {
      await explore(async (scheduler) => {
        const at = await createInterleavedGroup(scheduler);
        const { chat, owner, member } = at;
        const elsewhere = await chat.ask(member, 'create-conversation', { kind: 'group' });
        const made = { kind: 'group', clientRequestId: 'again', members: ['olga'] } as const;
        const { conversationId } = await chat.ask(member, 'create-conversation', { ...made, members: ['olga'] });
        await chat.ask(member, 'update-member', { conversationId, userId: 'olga', role: 'owner' });
        return {
          tasks: {
            remove: async () => {
              const reply = await chat.command(owner, 'remove-member', { conversationId, userId: 'mia' });
              await chat.ask(owner, 'update-conversation', { conversationId, name: SECRET });
              await chat.ask(owner, 'send-message', { conversationId, content: SECRET });
              return reply;
            },
            read: () => read({ ...at, conversationId }, elsewhere.conversationId),
          },
          verify: ({ remove, read: reply }) => {
            expect(answer(remove)).toBe('member-left');
            expect(JSON.stringify(reply)).not.toContain(SECRET);
          },
        };
      }, options);
    });
  }
});
