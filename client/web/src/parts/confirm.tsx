import type { ReactNode } from 'react';
import { Modal } from './modal.tsx';

interface ConfirmProps {
  readonly title: ReactNode;
  readonly text: string;
  /** The verb on the button. */
  readonly action: string;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before something that cannot easily be undone. */
export function Confirm({ title, text, action, onConfirm, onClose }: ConfirmProps) {
  return (
    <Modal title={title} onClose={onClose}>
      <p>{text}</p>
      <div className="buttons">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className="button"
          data-kind="danger"
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {action}
        </button>
      </div>
    </Modal>
  );
}
