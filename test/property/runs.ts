/** A fixed seed, so that a failure can be repeated. fast-check prints it with the path to the shrunk example. */
const SEED = 20_260_101;

/** The settings for a property that is tried `numRuns` times. */
export function runs(numRuns: number) {
  return { numRuns, seed: SEED } as const;
}
