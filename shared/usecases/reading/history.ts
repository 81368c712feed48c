import type { CommandInput, ReplyData } from '../../protocol/actions.ts';
import { jsonBytes } from '../../protocol/frames.ts';
import { FRAME_MAX_BYTES, PAGE_DEFAULT } from '../../protocol/limits.ts';
import { requireMember } from '../access.ts';
import type { Actor, Deps } from '../deps.ts';
import { cutPage, readPage } from './log-page.ts';

/** What of a frame is not the page: event, a request id of 64, and punctuation. */
const ENVELOPE_BYTES = 256;

/** A page of the log in either direction (PAGE-1). The member row is read first, for outsiders, and last (MEMB-3). */
export async function history(
  deps: Deps,
  actor: Actor,
  { conversationId, limit = PAGE_DEFAULT, before, after }: CommandInput<'history'>,
): Promise<ReplyData<'history'>> {
  const { conversations, log } = deps.stores;
  const mayRead = () => requireMember(conversations, conversationId, actor.userId, 'read', deps.clock.now());
  await mayRead();
  const page = await readPage(log, conversationId, actor.userId, {
    limit,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  });
  await mayRead();
  const budget = FRAME_MAX_BYTES - ENVELOPE_BYTES - jsonBytes(conversationId);
  return { conversationId, ...cutPage(page, budget, after !== undefined) };
}
