import { inject } from 'vitest';
import type { DeployedStack } from './provided.ts';

/** The stack that this run's tests use, as deployed by the global setup. For projects `e2e` and `browser`. */
export function deployedStack(): DeployedStack {
  return inject('stack');
}
