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
          <span>
            <Names names={userIds.map(nameOf)} /> {userIds.length === 1 ? 'is' : 'are'} typing
          </span>
        </>
      )}
    </p>
  );
}

const NAMES_MAX = 3;
const list = new Intl.ListFormat('en');

/** Each name in its own direction. */
function Names({ names }: { readonly names: readonly string[] }) {
  if (names.length > NAMES_MAX) return 'Several people';
  return list
    .formatToParts(names)
    .map(({ type, value }) => (type === 'element' ? <bdi key={value}>{value}</bdi> : value));
}
