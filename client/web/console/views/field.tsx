import { type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: string;
  /** Gives the control, with this id. */
  children(id: string): ReactNode;
}

/** A label and its control. A label around a select would have the names of all its options in its own. */
export function Field({ label, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
