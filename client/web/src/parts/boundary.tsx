import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  /** What is shown. With another one, or another state of it, rendering is tried again. */
  readonly of: unknown;
  /** Shown instead, if rendering fails. `retry` tries again. */
  fallback(retry: () => void): ReactNode;
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly of: unknown;
  readonly failed: boolean;
}

/** Keeps an error in rendering where it arose: the rest of the page stays. The root reports it. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { of: this.props.of, failed: false };

  static getDerivedStateFromError(): Partial<BoundaryState> {
    return { failed: true };
  }

  static getDerivedStateFromProps({ of }: BoundaryProps, state: BoundaryState): BoundaryState | null {
    return of === state.of ? null : { of, failed: false };
  }

  override render(): ReactNode {
    const { children, fallback } = this.props;
    return this.state.failed ? fallback(() => this.setState({ failed: false })) : children;
  }
}
