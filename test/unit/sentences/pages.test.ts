import { expect } from 'vitest';
import { sentencesOf, shownBy } from '../../support/sentences.ts';

const says = sentencesOf('Pages', 'Routes');

says('PAGE-1', 'entries ascend.', async (s) => {
  const conversationId = await s.group();
  for (let at = 0; at < 5; at += 1) await s.say(s.ann, conversationId);
  const seqs = async (fields: object) =>
    (await s.page(s.ann, conversationId, fields)).entries.map(({ data }) => data.seq);
  expect([await seqs({}), await seqs({ before: 4 }), await seqs({ after: 2 })]).toEqual([
    [1, 2, 3, 4, 5],
    [1, 2, 3],
    [3, 4, 5],
  ]);
});
says(
  'PAGE-1',
  'before and after are exclusive; both together are validation-failed, and neither means the newest.',
  shownBy(
    'unit/reading.test.ts',
    'gives the newest 50, or what follows `after`, or what comes before `before` (both exclusive)',
  ),
  async (s) => {
    const conversationId = await s.group();
    expect(await s.code(s.ann, 'history', { conversationId, before: 2, after: 1 })).toBe('validation-failed');
  },
);
says(
  'PAGE-1',
  'The default limit of history is 50, that of a list its maximum; one out of range is validation-failed.',
  async (s) => {
    const conversationId = await s.group();
    for (const [action, most] of [
      ['history', 100],
      ['list-members', 100],
      ['list-conversations', 25],
    ] as const) {
      const code = (limit: number) =>
        s.codeOfFrame(s.ann, { action, limit, ...(action !== 'list-conversations' && { conversationId }) });
      expect([await code(1), await code(most)]).toEqual([undefined, undefined]);
      for (const limit of [0, most + 1, 1.5, -1])
        expect([action, limit, await code(limit)]).toEqual([action, limit, 'validation-failed']);
    }
    for (let at = 0; at < 51; at += 1) {
      s.chat.clock.advance(1_000);
      await s.say(s.ann, conversationId);
      await s.chat.ask(s.ann, 'add-member', { conversationId, userId: `u${at}` });
    }
    expect((await s.page(s.ann, conversationId)).entries).toHaveLength(50);
    for (let at = 0; at < 50; at += 1) {
      s.chat.clock.advance(1_000);
      await s.chat.ask(s.ann, 'add-member', { conversationId, userId: `v${at}` });
      await s.chat.ask(s.ann, 'create-conversation', { kind: 'channel' });
    }
    expect((await s.chat.ask(s.ann, 'list-members', { conversationId })).items).toHaveLength(100);
    expect((await s.chat.ask(s.ann, 'list-conversations', {})).items).toHaveLength(25);
  },
);
says(
  'PAGE-1',
  'Every page is cut to ENV-1, and keeps at least one of its items.',
  shownBy(
    'property/parts.test.ts',
    'PAGE-1: a page is the longest run that fits, from either end, and at least one item',
  ),
  shownBy(
    'unit/reading.test.ts',
    'cuts a page to fit one frame, on the side where reading goes on, and never to nothing',
  ),
  shownBy('unit/conversations.test.ts', 'PAGE-1: pages of %i show every conversation once, even with long texts'),
);
says(
  'PAGE-1',
  'A page of a list may have no items and yet a cursor, where many have left: go on with it until a page has none.',
  async (s) => {
    const members = Array.from({ length: 12 }, (_, at) => `a${at}`);
    const { conversationId } = await s.chat.ask(s.ann, 'create-conversation', { kind: 'group', members });
    for (const userId of members) await s.chat.ask(s.ann, 'remove-member', { conversationId, userId });
    const found: string[] = [];
    let empty = 0;
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: { items: { userId: string }[]; cursor?: string | undefined } = await s.chat.ask(
        s.ann,
        'list-members',
        {
          conversationId,
          limit: 1,
          ...(cursor && { cursor }),
        },
      );
      found.push(...page.items.map(({ userId }) => userId));
      empty += Number(page.items.length === 0);
      cursor = page.cursor;
    }
    expect(found).toEqual(['ann']);
    expect(empty).toBeGreaterThan(0);
  },
);
says('PAGE-1', 'hasMore tells of more in the direction that was asked for.', async (s) => {
  const conversationId = await s.group();
  for (let at = 0; at < 3; at += 1) await s.say(s.ann, conversationId);
  const more = async (fields: object) => {
    const { entries, hasMore } = await s.page(s.ann, conversationId, { limit: 1, ...fields });
    return [entries[0]?.data.seq, hasMore];
  };
  expect([await more({}), await more({ before: 3 }), await more({ before: 2 })]).toEqual([
    [3, true],
    [2, true],
    [1, false],
  ]);
  expect([await more({ after: 0 }), await more({ after: 1 }), await more({ after: 2 })]).toEqual([
    [1, true],
    [2, true],
    [3, false],
  ]);
});
says(
  'PAGE-1',
  'list-conversations goes in order of id, list-members in an order of user ids that stays the same.',
  shownBy('unit/conversations.test.ts', 'gives role, head, n, unread and the newest message of each, in order of id'),
  shownBy('unit/conversations.test.ts', 'PAGE-1: pages of %i show every member once, even if some leave meanwhile'),
);
says(
  'PAGE-1',
  'Cursors are opaque; one that is damaged, or of another list or user, is validation-failed.',
  shownBy(
    'unit/conversations.test.ts',
    'PAGE-1: a cursor of another user or another list, or a damaged one, is refused',
  ),
  shownBy('property/parts.test.ts', 'are refused if they are damaged anywhere or made up'),
);

says(
  'SEC-1',
  "connect and disconnect act only on the gateway's own connect and disconnect events.",
  shownBy('unit/socket-handler.test.ts', 'the routes of connect and disconnect (SEC-1)'),
  async (s) => {
    const conversationId = await s.group(s.bob);
    expect(await s.codeOfFrame(s.ann, { action: '$disconnect' })).toBe('silence');
    expect(await s.codeOfFrame(s.ann, { action: 'disconnect' })).toBe('unknown-action');
    await s.say(s.bob, conversationId);
    expect(await s.events(s.ann)).toEqual(['receive-message']);
  },
);
says(
  'SEC-1',
  `A client's frame that names $connect or $disconnect does nothing and gets no reply, because API Gateway carries none
   from these routes; it is charged like a refused frame (LIMIT-1).`,
  async (s) => {
    const before = JSON.stringify([...s.chat.stores.state.subscriptions]);
    for (let at = 0; at < 25; at += 1) {
      for (const action of ['$connect', '$disconnect']) expect(await s.codeOfFrame(s.ann, { action })).toBe('silence');
    }
    expect(JSON.stringify([...s.chat.stores.state.subscriptions])).toBe(before);
    expect(await s.code(s.ann, 'ping', {})).toBe('rate-limited');
  },
);
says(
  'SEC-1',
  'An action on a route other than its own is unknown-action.',
  shownBy('unit/routes.test.ts', 'an action that comes over another route is not carried out'),
);
