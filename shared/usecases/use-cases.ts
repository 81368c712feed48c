import type { Action, CommandInput } from '../protocol/commands.ts';
import type { ReplyData, ReplyingAction } from '../protocol/events.ts';
import type { Actor, Deps } from './deps.ts';

/** A use case of every action; an action without a reply gives nothing. */
export type UseCases = {
  readonly [A in Action]: (
    deps: Deps,
    actor: Actor,
    input: CommandInput<A>,
  ) => Promise<A extends ReplyingAction ? ReplyData<A> : void>;
};
