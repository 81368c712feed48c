/**
 * Where a best-effort path ends (habit 11): one log line and one metric. `stage` names the path; what makes the failure
 * whole later is said where it is called.
 */
export type Report = (stage: string, error: unknown, count?: number) => void;
