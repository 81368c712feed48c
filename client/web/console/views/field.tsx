import { type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: string;
  /** The control, with this id. */
  children(id: string): ReactNode;
}

/** A control under its label. Beside each other: a label around a select would be named after all its options. */
export function Field({ label, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
