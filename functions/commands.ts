import type { Action, CommandInput, DefaultAction } from '../shared/protocol/commands.ts';
import type { ReplyData, ReplyingAction } from '../shared/protocol/events.ts';
import { deleteMessage, editMessage } from '../shared/usecases/change-message.ts';
import { createConversation } from '../shared/usecases/create-conversation.ts';
import type { Actor, Deps } from '../shared/usecases/deps.ts';
import { history } from '../shared/usecases/history.ts';
import { listConversations } from '../shared/usecases/list-conversations.ts';
import { listMembers } from '../shared/usecases/list-members.ts';
import { addMember, removeMember, updateMember } from '../shared/usecases/manage-members.ts';
import { mark } from '../shared/usecases/mark.ts';
import { ping } from '../shared/usecases/ping.ts';
import { addReaction, removeReaction } from '../shared/usecases/react.ts';
import { refreshToken } from '../shared/usecases/refresh-token.ts';
import { setStatus } from '../shared/usecases/set-status.ts';
import { updateConversation } from '../shared/usecases/update-conversation.ts';

/** A use case of every action; an action without a reply gives nothing. */
export type UseCases = {
  readonly [A in Action]: (
    deps: Deps,
    actor: Actor,
    input: CommandInput<A>,
  ) => Promise<A extends ReplyingAction ? ReplyData<A> : void>;
};

/** Every action of the `$default` route. Exhaustive: an action that is missing here does not compile. */
export const defaultCommands: Pick<UseCases, DefaultAction> = {
  ping,
  'refresh-token': refreshToken,
  'create-conversation': createConversation,
  'list-conversations': listConversations,
  'list-members': listMembers,
  history,
  'edit-message': editMessage,
  'delete-message': deleteMessage,
  'add-reaction': addReaction,
  'remove-reaction': removeReaction,
  mark,
  'add-member': addMember,
  'remove-member': removeMember,
  'update-member': updateMember,
  'update-conversation': updateConversation,
  'set-status': setStatus,
};
