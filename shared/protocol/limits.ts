/** Every number of the protocol's table of limits and of its envelope, in one place. Units are in the names. */

/** ENV-1: one API Gateway frame, and one billed message. */
export const FRAME_MAX_BYTES = 32 * 1024;
/** ENV-1: an entry as JSON; leaves room in a frame for its envelope and for a page's other fields. */
export const ENTRY_MAX_BYTES = 24 * 1024;
/** CONN-2: a longer token is refused unread. */
export const TOKEN_MAX_BYTES = 3 * 1024;
/** CONN-3, CONN-5: how long a connection outlives its token, so that a client can refresh. */
export const TOKEN_GRACE_MS = 60_000;

/** TEXT-1, in code points. */
export const CONTENT_MAX_LENGTH = 4_000;
export const NAME_MAX_LENGTH = 100;
/** ENV-7, in characters. */
export const CONVERSATION_ID_MAX_LENGTH = 64;
export const USER_ID_MAX_LENGTH = 255;
export const CLIENT_ID_MAX_LENGTH = 64;
/** `content` of `lastMessage` in lists, in code points. */
export const LAST_MESSAGE_MAX_LENGTH = 100;

export const MENTIONS_MAX = 20;
export const REACTION_KINDS_MAX = 20;
export const PING_POSITIONS_MAX = 50;
export const ERROR_DETAILS_MAX = 10;

/** PAGE-1. */
export const PAGE_DEFAULT = 50;
export const HISTORY_LIMIT_MAX = 100;
export const CONVERSATIONS_LIMIT_MAX = 25;
export const MEMBERS_LIMIT_MAX = 100;
/** JOIN-1: at most so many each of `online` and `marks`. */
export const JOIN_ROSTER_MAX = 100;
/** READ-2: with no more entries than this after `readSeq`, `unread` is exact. */
export const UNREAD_EXACT_MAX_ENTRIES = 50;

/** Seqs are stored with twelve digits. */
export const SEQ_MAX = 999_999_999_999;
/** SEND-4: how far below the head an `after` may lie. */
export const BEHIND_MAX_ENTRIES = 1_000;

export const JOINED_ROOMS_MAX = 200;
export const OPEN_CONNECTIONS_MAX = 20;
export const GROUP_MEMBERS_MAX = 1_000;
export const NAMED_MEMBERS_MAX = 50;
export const SLOW_MODE_MAX_SECONDS = 6 * 60 * 60;

/** Rooms above these sizes (connections) get no presence and typing, and no receipts. */
export const PRESENCE_ROOM_MAX = 100;
export const RECEIPT_ROOM_MAX = 25;

/** A token bucket in GCRA terms: one token every `intervalMs`, at most `burst` at once. */
export interface Rate {
  readonly intervalMs: number;
  readonly burst: number;
}

/** LIMIT-1. `send` and `conversation` are judged from the log, the others from bucket rows. */
export const RATES = {
  send: { intervalMs: 200, burst: 20 },
  conversation: { intervalMs: 20, burst: 100 },
  typing: { intervalMs: 1_000, burst: 5 },
  join: { intervalMs: 100, burst: 100 },
  command: { intervalMs: 100, burst: 50 },
  connect: { intervalMs: 1_000, burst: 20 },
} as const satisfies Record<string, Rate>;

/** One row of the table of limits in docs/protocol.md: what is limited, by how much, and what happens beyond it. */
interface Limit {
  readonly what: string;
  readonly most: Rate | number;
  readonly beyond: string;
}

/** LIMIT-1, as the page shows it. */
export const LIMITS: readonly Limit[] = [
  {
    what: 'sends per user and conversation, over all connections; a user with none of the newest 25 entries starts afresh',
    most: RATES.send,
    beyond: '`rate-limited`',
  },
  { what: 'entries per conversation', most: RATES.conversation, beyond: '`rate-limited`' },
  { what: 'typing per user and conversation', most: RATES.typing, beyond: 'dropped silently' },
  { what: 'joins and leaves per user', most: RATES.join, beyond: '`rate-limited`' },
  {
    what: 'other commands per user, refused frames of any kind, and messages sent again (SEND-3)',
    most: RATES.command,
    beyond: '`rate-limited`',
  },
  { what: 'connects per user', most: RATES.connect, beyond: 'the handshake is answered with 429' },
  { what: 'open connections per user', most: OPEN_CONNECTIONS_MAX, beyond: 'the oldest is closed (CONN-6)' },
  { what: 'joined conversations per connection', most: JOINED_ROOMS_MAX, beyond: '`validation-failed`' },
  { what: 'members of a group', most: GROUP_MEMBERS_MAX, beyond: '`conflict`' },
  { what: 'members named in one command', most: NAMED_MEMBERS_MAX, beyond: '`validation-failed`' },
];
