import type { Conversation } from '@parley/client';
import { useTyping } from '@parley/client/react';
import { nameOf } from '../text/names.ts';

/** Says who is typing. The line is always there, so that nothing moves when someone starts. */
export function TypingLine({ conversation }: { readonly conversation: Conversation }) {
  const { userIds } = useTyping(conversation);
  return (
    <p className="typing" role="status">
      {userIds.length > 0 && (
        <>
          <span className="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {sentenceOf(userIds.map(nameOf))}
        </>
      )}
    </p>
  );
}

function sentenceOf(names: readonly string[]): string {
  if (names.length > 3) return 'Several people are typing';
  return `${new Intl.ListFormat('en').format(names)} ${names.length === 1 ? 'is' : 'are'} typing`;
}
