import { useLayoutEffect, useState } from 'react';
import { useMedia } from '../state/use-media.ts';
import { closeMembers, openMembers, useRoute } from '../state/use-route.ts';

/** Where the members stand beside the conversation; elsewhere they cover it. */
const WIDE = '(min-width: 1100px)';

export interface MemberPanelState {
  readonly open: boolean;
  toggle(): void;
  /** The user is at it: it stays when the window becomes narrow, with the question that may be open in it. */
  use(): void;
}

/**
 * Whether the members are shown. A wide window has them from the beginning. When it becomes narrow they would cover the
 * conversation, so they stay only if the user opened or used them; then they are a step of the history, as if they had
 * been opened there.
 */
export function useMemberPanel(conversationId: string): MemberPanelState {
  const wide = useMedia(WIDE);
  const { members: inAddress } = useRoute();
  // Undefined: as the width has it.
  const [wanted, setWanted] = useState<boolean>();
  const stays = !wide && !inAddress && wanted === true;

  useLayoutEffect(() => {
    if (!stays) return;
    openMembers(conversationId);
    setWanted(undefined);
  }, [stays, conversationId]);

  const open = inAddress || (wanted ?? wide);
  const toggle = () => {
    if (inAddress) closeMembers(conversationId);
    if (wide) setWanted(!open);
    else if (!inAddress) openMembers(conversationId);
  };
  const use = () => {
    if (wide) setWanted(true);
  };
  return { open, toggle, use };
}
