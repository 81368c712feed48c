import type { Commands } from '../connection/commands.ts';
import type { Connection } from '../connection/connection.ts';
import type { Link } from '../connection/link.ts';
import type { TokenKeeper } from '../connection/tokens.ts';
import type { CopyKeeper } from '../copies/keeper.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Clock } from '../platform/edges.ts';

/** What all conversations of a client share. */
export interface ConversationDeps {
  readonly connection: Connection;
  readonly commands: Commands;
  readonly tokens: TokenKeeper;
  readonly outbox: Outbox;
  readonly copies: CopyKeeper;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: () => string;
  readonly maxCatchUp: number;
  readonly maxMessages: number;
  readonly autoDelivered: boolean;
  readonly joinGate: <T>(task: () => Promise<T>) => Promise<T>;
  readonly sendGate: <T>(task: () => Promise<T>) => Promise<T>;
  me(): string | undefined;
  /** The connection's link, as soon as what was stored is loaded too. */
  link(): Link | undefined;
  /** The client is closed, until it connects again. */
  closed(): boolean;
  /** The user has no access any more. */
  onRemoved(conversationId: string): void;
  /** A listener threw. */
  onThrow(thrown: unknown): void;
}
