import type { Action, CommandInput, ReplyData, ReplyingAction } from '../protocol/actions.ts';
import type { Actor, Deps } from './deps.ts';

/** A use case of every action; an action without a reply gives nothing. */
export type UseCases = {
  readonly [A in Action]: (
    deps: Deps,
    actor: Actor,
    input: CommandInput<A>,
  ) => Promise<A extends ReplyingAction ? ReplyData<A> : void>;
};
