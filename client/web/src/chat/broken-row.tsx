import type { ChatMessage } from '@parley/client';

/** Stands in the place of a message that cannot be rendered. */
export function BrokenRow({ message }: { readonly message: ChatMessage }) {
  return (
    <div className="row">
      <article className="message" data-key={message.key} data-seq={message.seq}>
        <p className="bubble broken">This message cannot be shown.</p>
      </article>
    </div>
  );
}
