import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isActive } from '../../shared/domain/conversation.ts';
import type { Action, CommandFields } from '../../shared/protocol/actions.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import { Chat, type ChatOptions, type Client } from '../support/chat.ts';
import { runs } from './runs.ts';

const USERS = ['u0', 'u1', 'u2', 'u3'] as const;
const ROLES: readonly Role[] = ['member', 'admin', 'owner'];

const step = fc.record({
  who: fc.nat(3),
  subject: fc.nat(3),
  kind: fc.constantFrom(
    'send',
    'send',
    'edit',
    'erase',
    'react',
    'unreact',
    'join',
    'leave',
    'add',
    'remove',
    'ban',
    'role',
    'pump',
  ),
  back: fc.nat(5),
  pick: fc.nat(2),
  /** The call at which the handler dies, counted from 0, and whether before or after the call takes effect. */
  dies: fc.option(fc.record({ at: fc.nat(8), when: fc.constantFrom('before' as const, 'after' as const) })),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A chat whose handlers can be killed. The call of a killed handler never returns, so nothing after it runs. */
class KillableChat {
  readonly chat: Chat;
  #left = Number.POSITIVE_INFINITY;
  #when: 'before' | 'after' = 'before';
  #onDeath: () => void = () => undefined;

  constructor(options: ChatOptions = {}) {
    const reach = (when: 'before' | 'after') => async () => {
      if (when !== this.#when || this.#left-- > 0) return;
      this.#left = Number.POSITIVE_INFINITY;
      this.#onDeath();
      await new Promise(() => undefined);
    };
    this.chat = new Chat({ ...options, memory: { before: reach('before'), after: reach('after') } });
  }

  /** Runs a handler that dies at the given call. Gives its result, or undefined if it died. */
  async run<T>(handle: () => Promise<T>, dies: Step['dies']): Promise<T | undefined> {
    const death = new Promise<undefined>((resolve) => {
      this.#onDeath = () => resolve(undefined);
    });
    this.#left = dies?.at ?? Number.POSITIVE_INFINITY;
    this.#when = dies?.when ?? 'before';
    const result = await Promise.race([handle(), death]);
    this.#left = Number.POSITIVE_INFINITY;
    return result;
  }
}

function commandOf(step: Step, conversationId: string, head: number, count: number): [Action, object] {
  const about = { conversationId, userId: USERS[step.subject] as string };
  const target = { conversationId, seq: Math.max(1, head - step.back) };
  switch (step.kind) {
    case 'send':
      return ['send-message', { conversationId, content: `message ${count}`, clientMessageId: `m${count}`, after: 0 }];
    case 'edit':
      return ['edit-message', { ...target, content: `edit ${count}` }];
    case 'erase':
      return ['delete-message', target];
    case 'react':
      return ['add-reaction', { ...target, emoji: '👍' }];
    case 'unreact':
      return ['remove-reaction', { ...target, emoji: '👍' }];
    case 'add':
      return ['add-member', about];
    case 'remove':
      return ['remove-member', about];
    case 'ban':
      return ['update-member', { ...about, banned: step.pick > 0 }];
    case 'role':
      return ['update-member', { ...about, role: ROLES[step.pick] as Role }];
    default:
      return [step.kind === 'leave' ? 'leave' : 'join', { conversationId }];
  }
}

/** Checks what must hold in the tables when all is quiet, however many handlers died. */
function checkTables({ stores: { state } }: Chat, conversationId: string, acknowledged: ReadonlySet<string>): void {
  const entries = state.log(conversationId).current;
  const rows = [...(state.members.get(conversationId)?.values() ?? [])].filter(isActive);
  const head = entries.at(-1);
  if (head) {
    const owners = rows.filter(({ role }) => role === 'owner').length;
    assert.deepEqual({ owners: head.owners, members: head.members }, { owners, members: rows.length });
    assert.ok(owners > 0, 'an owner is left');
  }
  const ids = entries.flatMap(({ clientMessageId }) => clientMessageId ?? []);
  assert.equal(new Set(ids).size, ids.length, 'one entry for each clientMessageId (SEND-3)');
  for (const id of acknowledged) assert.ok(ids.includes(id), `${id} was acknowledged`);
  for (const entry of entries) {
    if (entry.kind !== 'receive-message' || entry.deletedAt !== undefined) continue;
    const reacted = [...state.reactions.values()].filter(({ seq }) => seq === entry.seq).length;
    assert.equal(
      entry.reactions.reduce((sum, { count }) => sum + count, 0),
      reacted,
      'counts equal the reactions',
    );
  }
  for (const row of state.subscriptions.values()) {
    const held = state.connections.get(row.connectionId)?.rooms.some(({ room }) => room.id === row.room.id);
    assert.ok(held, 'no subscription without its connection');
    if (row.room.kind !== 'conversation') continue;
    assert.ok(
      rows.some(({ userId }) => userId === row.userId),
      'no subscription of a user who is no member (MEMB-3)',
    );
  }
}

function survives(options?: ChatOptions) {
  const steps = fc.array(step, { minLength: 10, maxLength: 50 });
  return fc.asyncProperty(steps, async (taken) => {
    const killable = new KillableChat(options);
    const { chat } = killable;
    const clients: Client[] = [];
    for (const userId of USERS) clients.push(await chat.connect(userId));
    const owner = clients[0] as Client;
    const { conversationId } = await chat.ask(owner, 'create-conversation', { kind: 'group', members: ['u1', 'u2'] });
    const acknowledged = new Set<string>();
    for (const [count, one] of taken.entries()) {
      chat.clock.advance(1_000);
      if (one.kind === 'pump') await chat.pump();
      else {
        const head = chat.stores.state.log(conversationId).current.length;
        const [action, fields] = commandOf(one, conversationId, head, count);
        const send = () => chat.command(clients[one.who] as Client, action, fields as CommandFields<Action>);
        // Without a reply the outcome is unknown, so the client sends the frame again (RETRY-1).
        const reply = (await killable.run(send, one.dies)) ?? (await send());
        if (reply?.event === 'message-sent') acknowledged.add(`m${count}`);
        assert.doesNotMatch(JSON.stringify(reply), /"code":"internal"/);
      }
    }
    await chat.pump('quiet');
    checkTables(chat, conversationId, acknowledged);
  });
}

describe('handlers that die between any two of their calls', () => {
  test('leave nothing behind that a retry and the streams do not repair', async () => {
    await fc.assert(survives(), runs(200));
  });

  test('MEMB-3: fails if nothing unsubscribes a removed user', async () => {
    const broken: ChatOptions['broken'] = (stores) => ({
      ...stores,
      connections: { ...stores.connections, unsubscribe: async () => 'unsubscribed' },
    });
    await expect(fc.assert(survives({ broken }), { ...runs(300), endOnFailure: true })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('no subscription of a user who is no member') },
    });
  });
});
