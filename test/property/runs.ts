/** A fixed seed, so that a failure today is one tomorrow; fast-check prints it with the path to the shrunk example. */
const SEED = 20_260_101;

/** How often a property is tried. */
export function runs(numRuns: number) {
  return { numRuns, seed: SEED } as const;
}
