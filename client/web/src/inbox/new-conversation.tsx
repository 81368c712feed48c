import { ChatError, type NewConversation as Wanted } from '@parley/client';
import { useState } from 'react';
import { Modal } from '../parts/modal.tsx';
import { useChat } from '../state/chat-context.ts';
import { navigate } from '../state/use-route.ts';
import { explain } from '../text/explain.ts';
import { ChannelForm, DirectForm, GroupForm } from './new-conversation-forms.tsx';

const KINDS = [
  { kind: 'channel', label: 'Channel', Form: ChannelForm },
  { kind: 'group', label: 'Group', Form: GroupForm },
  { kind: 'direct', label: 'Direct', Form: DirectForm },
] as const;

/** Starts a conversation of any kind, or joins a channel. */
export function NewConversation({ onClose }: { readonly onClose: () => void }) {
  const { client, inbox } = useChat();
  const [kind, setKind] = useState<(typeof KINDS)[number]['kind']>('channel');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  const open = async (wanted: Wanted, joinFirst: boolean) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const id = joinFirst && wanted.kind === 'channel' ? wanted.conversationId : undefined;
      const existing = id ? await join(id) : undefined;
      const conversation = existing ?? (await client.conversations.create(wanted));
      if (conversation.info) inbox.add(conversation.info);
      navigate(conversation.id);
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  };

  /** The channel with this id, or undefined if there is none. */
  const join = async (conversationId: string) => {
    try {
      return await client.conversations.get(conversationId).join();
    } catch (error) {
      if (error instanceof ChatError && error.code === 'conversation-not-found') return undefined;
      throw error;
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
