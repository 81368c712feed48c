import type { Stores } from '../../shared/domain/ports.ts';

/** What the contract is proved on: stores, and the same tables read in pages of two. */
export interface Subject {
  readonly stores: Stores;
  readonly smallPages: Stores;
}

/** The subject is there when a test runs, not yet when it is declared. */
export type GetSubject = () => Subject;

/** How many calls a test makes at once. */
export const CROWD = 20;

/** `count` calls at once, each with its number. */
export function atOnce<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}

/** `count` numbers from 1. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
