import type * as z from 'zod';
import type { ActionRecord, ReplyRecord } from './actions/action.ts';
import { connectionActions } from './actions/connection.ts';
import { conversationActions } from './actions/conversations.ts';
import { memberActions } from './actions/members.ts';
import { messageActions } from './actions/messages.ts';
import { roomActions } from './actions/rooms.ts';

/** Every action of the protocol, by the name that a command gives as its `action`. */
export const actions = {
  ...messageActions,
  ...roomActions,
  ...conversationActions,
  ...memberActions,
  ...connectionActions,
} as const satisfies Record<string, ActionRecord>;

type Actions = typeof actions;
export type Action = keyof Actions;
/** The names of all actions. */
export const actionNames = Object.keys(actions) as Action[];

/** A command's fields after parsing: text normalised, nothing unknown. */
export type CommandInput<A extends Action> = z.output<Actions[A]['fields']>;
/** A command's fields as a client may write them. */
export type CommandFields<A extends Action> = z.input<Actions[A]['fields']>;

/** The actions whose success is answered: all but `typing` (ENV-4). */
export type ReplyingAction = { [A in Action]: Actions[A]['reply'] extends ReplyRecord ? A : never }[Action];
/** `data` of an action's reply. */
export type ReplyData<A extends ReplyingAction> = z.input<Actions[A]['reply']['data']>;

/** Actions that have a route and a Lambda function of their own. */
export type RoutedAction = { [A in Action]: Actions[A]['route'] extends 'own' ? A : never }[Action];
/** Actions of the `$default` route. */
export type DefaultAction = Exclude<Action, RoutedAction>;

/** Whether the protocol knows such an action. */
export function isAction(value: unknown): value is Action {
  return typeof value === 'string' && Object.hasOwn(actions, value);
}

/** Whether an action's success is answered. */
export function isReplying(action: Action): action is ReplyingAction {
  return actions[action].reply !== null;
}
