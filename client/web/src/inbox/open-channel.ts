import { ChatError, type Client, type Conversation } from '@parley/client';

/** Joins the channel with this id, or creates it if there is none. Resolves when it is joined. @throws ChatError */
export async function openChannel(client: Client, conversationId: string, name: string): Promise<Conversation> {
  try {
    return await client.conversations.get(conversationId).join();
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'conversation-not-found') throw error;
  }
  const created = await client.conversations.create({ kind: 'channel', conversationId, name });
  // The join that was refused has ended it; nothing else would try again.
  return created.join();
}
