import type { ConversationKind, NewConversation as Wanted } from '@parley/client';
import { useState } from 'react';
import { KindIcon } from '../parts/kind-icon.tsx';
import { Modal } from '../parts/modal.tsx';
import { useChat } from '../state/chat-context.ts';
import { navigate } from '../state/use-route.ts';
import { explain } from '../text/explain.ts';
import { ChannelForm, DirectForm, GroupForm } from './new-conversation-forms.tsx';
import { openChannel } from './open-channel.ts';

export type Kind = ConversationKind;

const KINDS = [
  { kind: 'channel', label: 'Channel', Form: ChannelForm },
  { kind: 'group', label: 'Group', Form: GroupForm },
  { kind: 'direct', label: 'Direct', Form: DirectForm },
] as const;

interface NewConversationProps {
  /** The kind that is chosen at first. */
  readonly kind: Kind;
  onClose(): void;
}

/** Starts a conversation of any kind, or joins a channel. */
export function NewConversation({ kind: first, onClose }: NewConversationProps) {
  const { client, inbox } = useChat();
  const [kind, setKind] = useState(first);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  const open = async (wanted: Wanted) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const conversation =
        wanted.kind === 'channel' && wanted.conversationId !== undefined
          ? await openChannel(client, wanted.conversationId, wanted.name ?? wanted.conversationId)
          : await client.conversations.create(wanted);
      if (conversation.info) inbox.add(conversation.info);
      navigate(conversation.id);
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };

  return (
    <Modal title="New conversation" onClose={onClose}>
      <fieldset className="choice">
        <legend className="hidden">Kind</legend>
        {KINDS.map((each) => (
          <label key={each.kind} data-checked={kind === each.kind}>
            <input
              type="radio"
              name="kind"
              className="hidden"
              checked={kind === each.kind}
              onChange={() => setKind(each.kind)}
            />
            <KindIcon kind={each.kind} />
            {each.label}
          </label>
        ))}
      </fieldset>
      {KINDS.map(({ kind: each, Form }) => each === kind && <Form key={each} busy={busy} onOpen={open} />)}
      <p className="problem" role="alert">
        {problem}
      </p>
    </Modal>
  );
}
