import { type ReactNode, useState } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Popover } from './popover.tsx';

export interface MenuItem {
  readonly label: string;
  /** Shown instead of the label, if that has a name in it. */
  readonly content?: ReactNode;
  readonly icon?: IconName;
  /** Given if the item is one of several to choose from. */
  readonly checked?: boolean;
  readonly danger?: boolean;
  run(): void;
}

interface MenuButtonProps {
  readonly label: string;
  readonly className?: string;
  readonly items: readonly MenuItem[];
  readonly tabIndex?: number;
  /** The button is named by what it shows, and `label` names the menu alone. */
  readonly named?: boolean;
  /** What the button shows. */
  readonly children: ReactNode;
}

/** A button that opens a menu. */
export function MenuButton({ label, className = 'icon-button', items, tabIndex, named, children }: MenuButtonProps) {
  const [anchor, setAnchor] = useState<HTMLElement>();
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={named ? undefined : label}
        title={named ? undefined : label}
        aria-haspopup="menu"
        aria-expanded={anchor !== undefined}
        tabIndex={tabIndex}
        onClick={(event) => setAnchor(anchor ? undefined : event.currentTarget)}
      >
        {children}
      </button>
      {anchor && (
        <Popover anchor={anchor} label={label} role="menu" onClose={() => setAnchor(undefined)}>
          {items.map((item) => (
            <MenuEntry key={item.label} item={item} onDone={() => setAnchor(undefined)} />
          ))}
        </Popover>
      )}
    </>
  );
}

function MenuEntry({ item, onDone }: { readonly item: MenuItem; onDone(): void }) {
  const { label, icon, checked, danger } = item;
  const choose = () => {
    onDone();
    item.run();
  };
  const content = (
    <>
      {icon && <Icon name={icon} />}
      <span>{item.content ?? label}</span>
      {checked && <Icon name="check" size={16} />}
    </>
  );
  return checked === undefined ? (
    <button type="button" role="menuitem" className="menu-item" data-danger={danger} onClick={choose}>
      {content}
    </button>
  ) : (
    <button type="button" role="menuitemradio" aria-checked={checked} className="menu-item" onClick={choose}>
      {content}
    </button>
  );
}
