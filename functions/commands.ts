import type { DefaultAction } from '../shared/protocol/actions.ts';
import { ping } from '../shared/usecases/connections/ping.ts';
import { refreshToken } from '../shared/usecases/connections/refresh-token.ts';
import { createConversation } from '../shared/usecases/conversations/create-conversation.ts';
import { listConversations } from '../shared/usecases/conversations/list-conversations.ts';
import { updateConversation } from '../shared/usecases/conversations/update-conversation.ts';
import { listMembers } from '../shared/usecases/members/list-members.ts';
import { addMember, removeMember, updateMember } from '../shared/usecases/members/manage-members.ts';
import { deleteMessage, editMessage } from '../shared/usecases/messages/change-message.ts';
import { addReaction, removeReaction } from '../shared/usecases/messages/reactions.ts';
import { setStatus } from '../shared/usecases/presence/set-status.ts';
import { history } from '../shared/usecases/reading/history.ts';
import { mark } from '../shared/usecases/reading/mark.ts';
import type { UseCases } from '../shared/usecases/use-cases.ts';

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
