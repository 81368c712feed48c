import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';

interface PopoverProps {
  /** The button that it belongs to: it opens beside it, and gives the focus back to it. */
  readonly anchor: HTMLElement;
  readonly label: string;
  readonly role?: 'dialog' | 'menu';
  onClose(): void;
  readonly children: ReactNode;
}

const GAP = 6;
const MARGIN = 8;

/**
 * A small panel next to a button. Escape, a click elsewhere and scrolling close it; arrow keys move between its
 * buttons.
 */
export function Popover({ anchor, label, role = 'dialog', onClose, children }: PopoverProps) {
  const panel = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    const element = panel.current;
    if (!element) return;
    place(element, anchor.getBoundingClientRect());
    (element.querySelector<HTMLElement>('[data-autofocus]') ?? buttonsOf(element)[0] ?? element).focus();
    return () => {
      if (element.contains(document.activeElement) || document.activeElement === document.body) anchor.focus();
    };
  }, [anchor]);

  useEffect(() => {
    const outside = (event: Event) => {
      const target = event.target as Node;
      if (!panel.current?.contains(target) && !anchor.contains(target)) close.current();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    window.addEventListener('resize', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      window.removeEventListener('resize', outside);
    };
  }, [anchor]);

  return createPortal(
    // biome-ignore lint/a11y/noStaticElementInteractions: it has one of two roles, and hears the keys of its buttons
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles may have a name
    <div
      ref={panel}
      className="popover"
      role={role}
      aria-label={label}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close.current();
        else if (panel.current && moveFocus(panel.current, event.key)) event.preventDefault();
        else return;
        event.stopPropagation();
      }}
    >
      {children}
    </div>,
    document.body,
  );
}

/** Below the anchor if there is room, else above; always inside the window. */
function place(panel: HTMLElement, anchor: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = anchor.bottom + GAP;
  const top = below + height + MARGIN <= window.innerHeight ? below : anchor.top - GAP - height;
  const left = anchor.left + width + MARGIN <= window.innerWidth ? anchor.left : anchor.right - width;
  panel.style.top = `${Math.max(MARGIN, Math.min(top, window.innerHeight - height - MARGIN))}px`;
  panel.style.left = `${Math.max(MARGIN, Math.min(left, window.innerWidth - width - MARGIN))}px`;
}

function buttonsOf(panel: HTMLElement): HTMLElement[] {
  return [...panel.querySelectorAll<HTMLElement>('button:not(:disabled)')].filter((button) => button.offsetParent);
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

function moveFocus(panel: HTMLElement, key: string): boolean {
  const step = STEPS[key];
  const active = document.activeElement;
  if (step === undefined || active instanceof HTMLInputElement) return false;
  const buttons = buttonsOf(panel);
  const index = buttons.indexOf(active as HTMLElement);
  buttons[(index + step + buttons.length) % buttons.length]?.focus();
  return true;
}
