import type { Role } from '../../shared/protocol/identifiers.ts';

/** The outcome of a command: `ok` if it is done, `unchanged`, or the error's code. */
export type Expected = 'ok' | 'unchanged' | string;

interface ModelMember {
  state: 'active' | 'left' | 'banned';
  role: Role;
  muted: boolean;
  readSeq: number;
}

interface ModelMessage {
  readonly sender: string;
  /** Undefined if the message is deleted. */
  content: string | undefined;
  mentions: readonly string[];
  /** The users who reacted, by emoji, in the order of the first reaction with each. */
  reactions: Map<string, Set<string>>;
}

const STAFF: readonly Role[] = ['admin', 'owner'];

/** A conversation as the protocol describes it, without stores, rates or races: who may do what, and the result. */
export class ModelConversation {
  readonly kind: 'channel' | 'group';
  readonly members = new Map<string, ModelMember>();
  readonly messages = new Map<number, ModelMessage>();
  name: string | undefined;
  head = 0;

  constructor(kind: 'channel' | 'group', owner: string, members: readonly string[]) {
    this.kind = kind;
    for (const user of members) this.members.set(user, { state: 'active', role: 'member', muted: false, readSeq: 0 });
    this.members.set(owner, { state: 'active', role: 'owner', muted: false, readSeq: 0 });
  }

  /** The member, or the code with which a user who is not one is refused (AUTH-1, JOIN-3). */
  enter(user: string): ModelMember | string {
    const member = this.members.get(user);
    if (member?.state === 'active') return member;
    if (this.kind === 'group') return 'conversation-not-found';
    return member?.state === 'banned' ? 'forbidden' : 'not-joined';
  }

  /** READ-2: what a person would count, and what a reply may say instead. */
  unread(user: string): { readonly exact: number; readonly told: object } {
    const { readSeq = 0 } = this.members.get(user) ?? {};
    const after = [...this.messages].filter(([seq]) => seq > readSeq);
    const exact = after.filter(([, { sender, content }]) => sender !== user && content !== undefined).length;
    const far = this.head - readSeq > 50 && after.length > 0;
    return { exact, told: far ? { unread: after.length, unreadAtMost: true } : { unread: exact } };
  }

  join(user: string): Expected {
    const member = this.enter(user);
    if (member === 'not-joined') {
      const before = this.members.get(user);
      const muted = before?.muted ?? false;
      this.members.set(user, { state: 'active', role: 'member', muted, readSeq: this.head });
    } else if (typeof member === 'string') return member;
    return 'ok';
  }

  send(user: string, content: string): Expected {
    return this.#as(user, (me) => {
      if (me.muted) return 'forbidden';
      this.#append();
      this.messages.set(this.head, { sender: user, content, mentions: [], reactions: new Map() });
      return 'ok';
    });
  }

  edit(user: string, seq: number, content: string, mentions?: readonly string[]): Expected {
    return this.#as(user, (me) => {
      const message = this.messages.get(seq);
      if (!message) return 'message-not-found';
      if (message.sender !== user || me.muted) return 'forbidden';
      if (message.content === undefined) return 'conflict';
      const named = mentions?.filter((one) => this.members.get(one)?.state === 'active') ?? message.mentions;
      if (message.content === content && named.join() === message.mentions.join()) return 'unchanged';
      message.content = content;
      message.mentions = named;
      return this.#append();
    });
  }

  erase(user: string, seq: number): Expected {
    return this.#as(user, (me) => {
      const message = this.messages.get(seq);
      if (!message) return 'message-not-found';
      if (message.sender !== user && (me.muted || !STAFF.includes(me.role))) return 'forbidden';
      if (message.content === undefined) return 'unchanged';
      message.content = undefined;
      message.mentions = [];
      message.reactions = new Map();
      return this.#append();
    });
  }

  react(user: string, seq: number, emoji: string, adding: boolean): Expected {
    return this.#as(user, (me) => {
      if (me.muted) return 'forbidden';
      const message = this.messages.get(seq);
      if (!message) return 'message-not-found';
      if (message.content === undefined) return 'conflict';
      const users = message.reactions.get(emoji) ?? new Set();
      if (users.has(user) === adding) return 'unchanged';
      if (adding) message.reactions.set(emoji, users.add(user));
      else if (users.size === 1) message.reactions.delete(emoji);
      else users.delete(user);
      return this.#append();
    });
  }

  mark(user: string, seq: number): Expected {
    return this.#as(user, (me) => {
      me.readSeq = Math.max(me.readSeq, Math.min(seq, this.head));
      return 'ok';
    });
  }

  rename(user: string, name: string): Expected {
    return this.#as(user, (me) => {
      if (me.muted || !STAFF.includes(me.role)) return 'forbidden';
      if (this.name === name) return 'unchanged';
      this.name = name;
      return this.#append();
    });
  }

  add(user: string, subject: string, role: Role): Expected {
    return this.#as(user, (me) => {
      if (this.kind === 'channel') return 'conflict';
      if (me.muted || !STAFF.includes(me.role)) return 'forbidden';
      const before = this.members.get(subject);
      if (before?.state === 'active') return 'unchanged';
      if (role !== 'member' && me.role !== 'owner') return 'forbidden';
      if (before?.state === 'banned') return 'conflict';
      this.#append();
      this.members.set(subject, { state: 'active', role, muted: before?.muted ?? false, readSeq: this.head });
      return 'ok';
    });
  }

  remove(user: string, subject: string): Expected {
    return this.#about(user, subject, user === subject, (other) => {
      if (other.state !== 'active') return 'unchanged';
      return this.#end(other, 'left');
    });
  }

  ban(user: string, subject: string, banned: boolean): Expected {
    return this.#about(user, subject, false, (other) => {
      if ((other.state === 'banned') === banned) return 'unchanged';
      if (banned) return this.#end(other, 'banned');
      other.state = 'left';
      return this.#append();
    });
  }

  mute(user: string, subject: string, muted: boolean): Expected {
    return this.#about(user, subject, false, (other) => {
      if (other.state !== 'active') return 'user-not-found';
      if (other.muted === muted) return 'unchanged';
      other.muted = muted;
      return this.#append();
    });
  }

  giveRole(user: string, subject: string, role: Role): Expected {
    return this.#as(user, (me) => {
      if (me.muted || me.role !== 'owner') return 'forbidden';
      const other = this.members.get(subject);
      if (other?.state !== 'active') return 'user-not-found';
      if (other.role === role) return 'unchanged';
      if (other.role === 'owner' && this.#owners() === 1) return 'conflict';
      other.role = role;
      return this.#append();
    });
  }

  #as(user: string, act: (me: ModelMember) => Expected): Expected {
    const me = this.enter(user);
    return typeof me === 'string' ? me : act(me);
  }

  /** Removes, mutes or bans: admins may do it to members, owners to anyone (ROLE-1). */
  #about(user: string, subject: string, own: boolean, act: (other: ModelMember) => Expected): Expected {
    return this.#as(user, (me) => {
      const other = this.members.get(subject);
      const needed = (other?.role ?? 'member') === 'member' ? STAFF : ['owner'];
      if (!own && (me.muted || !needed.includes(me.role))) return 'forbidden';
      return other ? act(other) : 'user-not-found';
    });
  }

  #end(member: ModelMember, state: 'left' | 'banned'): Expected {
    if (member.state === 'active' && member.role === 'owner' && this.#owners() === 1) return 'conflict';
    Object.assign(member, { state, role: 'member' });
    return this.#append();
  }

  #owners(): number {
    return [...this.members.values()].filter(({ state, role }) => state === 'active' && role === 'owner').length;
  }

  #append(): 'ok' {
    this.head += 1;
    return 'ok';
  }
}
