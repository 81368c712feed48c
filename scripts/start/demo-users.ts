/** Users for whom `npm start` prints a line to connect with. */
export const DEMO_USERS = ['alice', 'bob', 'carol'] as const;
