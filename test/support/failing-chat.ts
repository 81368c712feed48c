import { Chat } from './chat.ts';

/** A chat whose stores can be made to fail. */
export interface FailingChat {
  readonly chat: Chat;
  /** The operation of the stores that rejects from now on, before it takes effect; undefined for none. */
  failing: string | undefined;
}

export function createFailingChat(): FailingChat {
  const before = async ({ operation }: { readonly operation: string }) => {
    if (operation === at.failing) throw new Error('throttled');
  };
  const at: FailingChat = { chat: new Chat({ memory: { before } }), failing: undefined };
  return at;
}
