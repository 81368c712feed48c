import { describe, expect } from 'vitest';
import type { Action, CommandFields } from '../../shared/protocol/actions.ts';
import { type DeployedChat, type DeployedClient, test } from '../support/deployed-chat.ts';

/** A group with an owner, an admin and two members. */
async function staffed(chat: DeployedChat) {
  const [owner, admin, member, other] = await chat.connectAll('owner', 'admin', 'member', 'other');
  const { conversationId } = await chat.group(owner, admin, member, other);
  await owner.append('update-member', { conversationId, userId: admin.userId, role: 'admin' });
  return { owner, admin, member, other, conversationId };
}

describe('roles', () => {
  test('ROLE-1: who may do what', async ({ chat }) => {
    const { owner, admin, member, other, conversationId } = await staffed(chat);
    const { seq } = await other.say(conversationId, 'by another');
    const outcome = async <A extends Action>(client: DeployedClient, action: A, fields: object) => {
      const { event, data } = await client.command(action, { conversationId, ...fields } as CommandFields<A>);
      return event === 'error' || event === 'message-error' ? data.code : 'yes';
    };
    const table: [Action, object, readonly string[]][] = [
      ['history', {}, ['yes', 'yes', 'yes']],
      ['mark', { readSeq: seq }, ['yes', 'yes', 'yes']],
      ['send-message', { content: 'x' }, ['yes', 'yes', 'yes']],
      ['add-reaction', { seq, emoji: '👍' }, ['yes', 'yes', 'yes']],
      ['list-members', {}, ['yes', 'yes', 'yes']],
      ['edit-message', { seq, content: 'y' }, ['forbidden', 'forbidden', 'forbidden']],
      ['update-conversation', { slowModeSeconds: 0 }, ['forbidden', 'yes', 'yes']],
      ['add-member', { userId: other.userId }, ['forbidden', 'yes', 'yes']],
      ['update-member', { userId: other.userId, mutedUntil: null }, ['forbidden', 'yes', 'yes']],
      ['update-member', { userId: admin.userId, mutedUntil: null }, ['forbidden', 'forbidden', 'yes']],
      ['update-member', { userId: other.userId, role: 'member' }, ['forbidden', 'forbidden', 'yes']],
      ['remove-member', { userId: owner.userId }, ['forbidden', 'forbidden', 'conflict']],
      ['delete-message', { seq }, ['forbidden', 'yes', 'yes']],
    ];

    for (const [action, fields, expected] of table) {
      const outcomes: string[] = [];
      for (const client of [member, admin, owner]) outcomes.push(await outcome(client, action, fields));
      expect([action, fields, outcomes]).toEqual([action, fields, expected]);
    }
  });

  test('ROLE-1: owners give and take roles, with effect at once', async ({ chat }) => {
    const { owner, admin, member, conversationId } = await staffed(chat);
    const rename = { conversationId, name: 'Renamed' };

    expect(await member.refusal('update-conversation', rename)).toMatchObject({ code: 'forbidden' });
    const promoted = await owner.append('update-member', { conversationId, userId: member.userId, role: 'admin' });
    expect(await member.append('update-conversation', rename)).toMatchObject({
      changes: { name: 'Renamed' },
      by: member.userId,
    });
    await owner.append('update-member', { conversationId, userId: admin.userId, role: 'member' });
    expect(await admin.refusal('update-conversation', rename)).toMatchObject({ code: 'forbidden' });
    const unchanged = await owner.ask('update-member', { conversationId, userId: admin.userId, role: 'member' });

    expect(promoted).toMatchObject({ userId: member.userId, role: 'admin', by: owner.userId });
    expect(unchanged).toMatchObject({ userId: admin.userId, role: 'member', unchanged: true });
    expect(await owner.ask('update-conversation', rename)).toEqual({
      ...{ conversationId, changes: { name: 'Renamed' }, by: owner.userId, unchanged: true },
    });
  });

  test('ROLE-1: muted users may read, mark, delete their own messages and leave, nothing else', async ({ chat }) => {
    const { owner, admin, member, conversationId } = await staffed(chat);
    const { seq } = await member.say(conversationId, 'mine');
    const mutedUntil = new Date(Date.now() + 3_600_000).toISOString();
    await admin.append('update-member', { conversationId, userId: member.userId, mutedUntil });

    const refused = [
      await member.refusal('send-message', { conversationId, content: 'x' }),
      await member.refusal('add-reaction', { conversationId, seq, emoji: '👍' }),
      await member.refusal('edit-message', { conversationId, seq, content: 'x' }),
      await member.refusal('typing', { conversationId, isTyping: true }),
    ];
    expect(refused.map(({ code }) => code)).toEqual(Array(4).fill('forbidden'));
    expect(refused[0]?.details).toEqual([{ path: 'mutedUntil', message: mutedUntil }]);
    await member.ask('join', { conversationId });
    await member.ask('history', { conversationId });
    await member.ask('mark', { conversationId, readSeq: seq });
    await member.append('delete-message', { conversationId, seq });
    const { items } = await owner.ask('list-members', { conversationId });
    expect(items.find(({ userId }) => userId === member.userId)).toMatchObject({ mutedUntil });

    await owner.append('update-member', { conversationId, userId: member.userId, mutedUntil: null });
    await member.say(conversationId, 'free to speak');
    await owner.append('update-member', { conversationId, userId: member.userId, mutedUntil });
    await member.append('remove-member', { conversationId, userId: member.userId });
  });

  test('MEMB-2: the last owner must name another first, even if two leave at once', async ({ chat }) => {
    const { owner, admin, conversationId } = await staffed(chat);
    const leave = (client: DeployedClient) =>
      client.command('remove-member', { conversationId, userId: client.userId });

    expect(await leave(owner)).toMatchObject({ event: 'error', data: { code: 'conflict' } });
    await owner.append('update-member', { conversationId, userId: admin.userId, role: 'owner' });
    const outcomes = await Promise.all([leave(owner), leave(admin)]);

    const left = outcomes.filter(({ event }) => event === 'member-left');
    expect(left).toHaveLength(1);
    expect(outcomes.filter(({ data }) => data.code === 'conflict')).toHaveLength(1);
    const remaining = left[0]?.data.userId === owner.userId ? admin : owner;
    const { items } = await remaining.ask('list-members', { conversationId });
    expect(items.filter(({ role }) => role === 'owner').map(({ userId }) => userId)).toEqual([remaining.userId]);
  });
});
