/** What a token's `sub` may be (ENV-7). */
const USER_ID = /^[A-Za-z0-9][A-Za-z0-9_.:@|-]{0,127}$/;

/** Users for whom `npm start` prints a line to connect with. */
export const DEMO_USERS = ['alice', 'bob', 'carol'] as const;

/** Whether the text is a user id that Parley accepts. */
export function isUserId(text: string): boolean {
  return USER_ID.test(text);
}
