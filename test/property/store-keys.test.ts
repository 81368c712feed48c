import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bucket, conversationRoom, type Room, userRoom } from '../../shared/domain/connection.ts';
import { SEQ_MAX, USER_ID_MAX_LENGTH } from '../../shared/protocol/limits.ts';
import {
  bucketKey,
  connectionKey,
  conversationKey,
  entryKey,
  entryRange,
  type Key,
  type KeyRange,
  memberKey,
  memberRange,
  membershipIndexKey,
  membershipRange,
  parseKey,
  parseRoomName,
  presenceKey,
  reactionKey,
  reactionRange,
  roomName,
  subscriptionKey,
  subscriptionRange,
} from '../../shared/store/keys.ts';
import { SUBJECTS } from '../support/subjects.ts';

function letters(allowed: string) {
  return fc.constantFrom(...allowed);
}
const ALPHANUMERIC = 'ABCXYZabcxyz0129';

/** Ids with every character that ENV-7 allows, so short that one is often the beginning of another. */
function id(others: string, max: number) {
  return fc
    .tuple(letters(ALPHANUMERIC), fc.array(letters(`${ALPHANUMERIC}${others}`), { maxLength: max }))
    .map(([first, rest]) => first + rest.join(''));
}
const conversationId = fc.oneof(id('_.:-', 6), fc.constantFrom('user:a', 'conversation:a', 'C', 'M', 'META', 'L'));
/** Ids of users whose keys were stored before ENV-7 allowed any other character. */
const plainUserId = fc.oneof(id('_.:@|-', 6), fc.constantFrom('a', 'ab', 'a:b', 'a|b', 'a@b', 'a-b', 'user:a'));
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
const userId = fc.oneof(
  plainUserId,
  fc.array(letters(printable), { minLength: 1, maxLength: 6 }).map((some) => some.join('')),
  fc.constantFrom('#', 'a#', 'a$', '%', '%23', '%2523', 'a%', 'a b', ...SUBJECTS),
);
const connectionId = fc.base64String({ minLength: 4, maxLength: 16 });
const emoji = fc.constantFrom('#️⃣', '*️⃣', '👍', '👍🏽', '❤️', '🇺🇳', '👩‍👩‍👧‍👦', '☺️', '©️', '🫨');
const seq = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: SEQ_MAX }));
const shard = fc.integer({ min: 0, max: 15 });
const room: fc.Arbitrary<Room> = fc.oneof(conversationId.map(conversationRoom), userId.map(userRoom));
const bucket: fc.Arbitrary<Bucket> = fc.oneof(
  fc.record({ rate: fc.constantFrom('join', 'command', 'connect'), userId }),
  fc.record({ rate: fc.constant('typing'), userId, conversationId }),
);

/** Whether a query for the range finds the key. Compares bytes, as DynamoDB does. */
function finds(range: KeyRange, { pk, sk }: Key): boolean {
  if (range.pk !== pk) return false;
  if (!range.between) return true;
  const [key, from, to] = [sk, range.between.from, range.between.to].map((text) => Buffer.from(text)) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  return Buffer.compare(from, key) <= 0 && Buffer.compare(key, to) <= 0;
}

describe('keys', () => {
  it('are parsed to what they were made from', () => {
    const check = (key: Key, expected: object) => expect(parseKey(key)).toEqual(expected);
    fc.assert(
      fc.property(conversationId, userId, seq, emoji, (conversation, user, at, symbol) => {
        const place = { conversationId: conversation };
        check(conversationKey(conversation), { item: 'conversation', ...place });
        check(memberKey(conversation, user), { item: 'member', ...place, userId: user });
        check(entryKey(conversation, at), { item: 'entry', ...place, seq: at });
        const reaction = { item: 'reaction', ...place, userId: user, seq: at, emoji: symbol };
        check(reactionKey(conversation, user, at, symbol), reaction);
      }),
    );
    fc.assert(
      fc.property(room, shard, userId, connectionId, bucket, (where, part, user, connection, tokens) => {
        check(connectionKey(connection), { item: 'connection', connectionId: connection });
        const subscription = { room: where, shard: part, userId: user, connectionId: connection };
        check(subscriptionKey(where, part, user, connection), { item: 'subscription', ...subscription });
        check(presenceKey(where, user), { item: 'presence', room: where, userId: user });
        check(bucketKey(tokens), { item: 'bucket', bucket: tokens });
      }),
    );
  });

  it('of the ids that were always allowed are what is stored already', () => {
    fc.assert(
      fc.property(plainUserId, conversationId, connectionId, shard, (user, conversation, connection, part) => {
        expect([
          memberKey(conversation, user),
          membershipIndexKey(conversation, user),
          reactionKey(conversation, user, 7, '👍'),
          subscriptionKey(conversationRoom(conversation), part, user, connection),
          subscriptionKey(userRoom(user), part, user, connection),
          presenceKey(userRoom(user), user),
          bucketKey({ rate: 'join', userId: user }),
          bucketKey({ rate: 'typing', userId: user, conversationId: conversation }),
        ]).toEqual([
          { pk: `C#${conversation}`, sk: `M#${user}` },
          { gsi1pk: `U#${user}`, gsi1sk: `C#${conversation}` },
          { pk: `X#${conversation}`, sk: `${user}#000000000007#👍` },
          { pk: `R#conversation:${conversation}#${part}`, sk: `${user}#${connection}` },
          { pk: `R#user:${user}#${part}`, sk: `${user}#${connection}` },
          { pk: `P#user:${user}`, sk: user },
          { pk: `B#${user}`, sk: 'join' },
          { pk: `B#${user}`, sk: `typing:${conversation}` },
        ]);
      }),
    );
  });

  it('of the longest ids are no longer than DynamoDB takes', () => {
    const user = '#'.repeat(USER_ID_MAX_LENGTH);
    const room = conversationRoom('c'.repeat(64));
    const longestEmoji = '🏴󠁧󠁢󠁥󠁮󠁧󠁿'.repeat(4);
    expect(longestEmoji.length).toBeLessThanOrEqual(64);
    for (const { pk, sk } of [
      memberKey(room.id, user),
      reactionKey(room.id, user, SEQ_MAX, longestEmoji),
      subscriptionKey(room, 15, user, 'k'.repeat(128)),
      subscriptionKey(userRoom(user), 15, user, 'k'.repeat(128)),
      presenceKey(userRoom(user), user),
      bucketKey({ rate: 'typing', userId: user, conversationId: room.id }),
    ]) {
      expect(Buffer.byteLength(sk)).toBeLessThanOrEqual(1_024);
      expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(2_048);
    }
  });

  it('of different rooms never collide', () => {
    fc.assert(
      fc.property(room, room, (a, b) => {
        expect(parseRoomName(roomName(a))).toEqual(a);
        expect(roomName(a) === roomName(b)).toBe(a.kind === b.kind && a.id === b.id);
      }),
    );
  });

  it.each<Key>([
    { pk: 'C#general', sk: 'OTHER' },
    { pk: 'L#general', sk: '12' },
    { pk: 'L#general', sk: '00000000001x' },
    { pk: 'Z#general', sk: 'META' },
    { pk: 'general', sk: 'META' },
    { pk: 'X#general', sk: 'ann' },
    { pk: 'R#general#0', sk: 'ann#k' },
    { pk: 'B#ann', sk: 'other' },
  ])('that no item can have are refused: $pk $sk', (key) => {
    expect(() => parseKey(key)).toThrow('unable to parse');
  });
});

describe('a range of keys', () => {
  it('of entries holds exactly those between its ends', () => {
    fc.assert(
      fc.property(conversationId, conversationId, seq, seq, seq, (one, other, at, after, before) => {
        const found = finds(entryRange(one, after, before), entryKey(other, at));
        expect(found).toBe(one === other && at > after && at < before);
        expect(finds(entryRange(one), entryKey(one, at))).toBe(true);
      }),
    );
  });

  it('of reactions holds exactly the user’s own to these messages, whatever the emoji', () => {
    const near = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(userId, userId, near, near, near, emoji, (one, other, at, from, to, symbol) => {
        const found = finds(reactionRange('c', one, from, to), reactionKey('c', other, at, symbol));
        expect(found).toBe(one === other && at >= from && at <= to);
      }),
      { numRuns: 1_000 },
    );
  });

  it('of members continues after the last one, in order of key, without the conversation itself', () => {
    fc.assert(
      fc.property(userId, fc.option(userId, { nil: undefined }), (user, after) => {
        const isAfter = after === undefined || memberKey('c', user).sk > memberKey('c', after).sk;
        expect(finds(memberRange('c', after), memberKey('c', user))).toBe(isAfter);
        expect(finds(memberRange('c', after), conversationKey('c'))).toBe(false);
      }),
    );
  });

  it('of memberships continues after the last one, in order of id', () => {
    fc.assert(
      fc.property(
        userId,
        userId,
        conversationId,
        fc.option(conversationId, { nil: undefined }),
        (one, user, id, after) => {
          const { gsi1pk: pk, gsi1sk: sk } = membershipIndexKey(id, user);
          const found = finds(membershipRange(one, after), { pk, sk });
          expect(found).toBe(one === user && (after === undefined || id > after));
        },
      ),
    );
  });

  it('of subscriptions holds one shard of a room, or one user’s in it', () => {
    fc.assert(
      fc.property(
        room,
        room,
        shard,
        shard,
        userId,
        userId,
        connectionId,
        (where, other, part, otherPart, one, user, k) => {
          const key = subscriptionKey(other, otherPart, user, k);
          const inShard = roomName(where) === roomName(other) && part === otherPart;
          expect(finds(subscriptionRange(where, part), key)).toBe(inShard);
          expect(finds(subscriptionRange(where, part, one), key)).toBe(inShard && one === user);
          expect(finds(subscriptionRange(other, otherPart, user), key)).toBe(true);
        },
      ),
    );
  });
});
