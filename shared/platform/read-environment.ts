import { ENVIRONMENT, type EnvironmentKey } from './environment.ts';

/** The value that the stack gave this function. Throws if it gave none: a function that needs it cannot run. */
export function readEnvironment(key: EnvironmentKey): string {
  const name = ENVIRONMENT[key];
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is not set`);
  return value;
}
