import type { Change, JoinWrite, LogStore } from '../../shared/domain/ports.ts';

type Thing =
  | 'log'
  | 'reactions'
  | 'conversations'
  | 'members'
  | 'connections'
  | 'subscriptions'
  | 'presence'
  | 'buckets';

/** What a store call reads and what it changes. With `all`, its order with every other call matters. */
export type Effect = 'all' | { readonly reads: readonly Thing[]; readonly writes: readonly Thing[] };

function reads(...things: Thing[]): Effect {
  return { reads: things, writes: [] };
}
function writes(...things: Thing[]): Effect {
  return { reads: [], writes: things };
}

const EFFECTS: Readonly<Record<string, Effect>> = {
  tail: reads('log'),
  head: reads('log'),
  read: reads('log'),
  since: reads('log'),
  entry: reads('log'),
  reactions: reads('reactions'),
  conversation: reads('conversations'),
  conversations: reads('conversations'),
  member: reads('members'),
  members: reads('members'),
  memberPage: reads('members'),
  memberships: reads('members'),
  create: writes('conversations', 'members'),
  raiseMarks: writes('members'),
  open: writes('connections', 'subscriptions'),
  connection: reads('connections'),
  forget: writes('connections'),
  extend: writes('connections', 'subscriptions'),
  leave: writes('connections', 'subscriptions'),
  unsubscribe: { reads: ['members'], writes: ['connections', 'subscriptions'] },
  dropSubscription: writes('subscriptions'),
  subscriptions: reads('subscriptions'),
  firstSubscriptions: { reads: ['subscriptions'], writes: ['subscriptions'] },
  subscriptionsOf: reads('subscriptions'),
  takeToken: writes('buckets'),
  presence: reads('presence'),
  putPresence: writes('presence'),
  statuses: reads('presence'),
};

/** The effect of one call of the stores: `all` for a call that is not listed here. */
export function effectOf(operation: string, args: readonly unknown[]): Effect {
  if (operation === 'append') return writes('log', ...(args as Parameters<LogStore['append']>)[1].map(changed));
  if (operation === 'join') {
    const { becomes } = args[0] as JoinWrite;
    const subscribed = ['connections', 'subscriptions'] as const;
    return becomes ? writes(...subscribed, 'members') : { reads: ['members'], writes: subscribed };
  }
  return EFFECTS[operation] ?? 'all';
}

/** Whether two calls have the same results and effects in either order. */
export function independent(a: Effect, b: Effect): boolean {
  if (a === 'all' || b === 'all') return false;
  return !overlap(a.writes, [...b.reads, ...b.writes]) && !overlap(b.writes, a.reads);
}

function overlap(some: readonly Thing[], others: readonly Thing[]): boolean {
  return some.some((thing) => others.includes(thing));
}

function changed({ type }: Change): Thing {
  switch (type) {
    case 'message':
    case 'strip-edit':
      return 'log';
    case 'put-reaction':
    case 'delete-reaction':
      return 'reactions';
    case 'member':
    case 'last-sent':
    case 'sender':
      return 'members';
    case 'conversation':
      return 'conversations';
  }
}
