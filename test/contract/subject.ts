import type { Stores } from '../../shared/domain/ports.ts';

/** What a contract is tested on: stores, and the same tables read in pages of two. */
export interface Subject {
  readonly stores: Stores;
  readonly smallPages: Stores;
}

/** Gives the subject. It exists when a test runs, but not yet when the test is declared. */
export type GetSubject = () => Subject;

/** The number of calls that a test makes at once. */
export const CROWD = 20;

/** Makes `count` calls at once, each with its index. */
export function atOnce<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}

/** The numbers from 1 to `count`. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
