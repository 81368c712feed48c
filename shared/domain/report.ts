/**
 * Where a best-effort path ends: one log line and one metric, by the path's name. What makes the failure whole later
 * is said where it is called.
 */
export type Report = (stage: string, error: unknown, count?: number) => void;
