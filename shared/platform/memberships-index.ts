/** The index of the chat table under which a user's conversations are found, keys only: its name and attributes. */
export const MEMBERSHIPS_INDEX = { name: 'GSI1', pk: 'gsi1pk', sk: 'gsi1sk' } as const;
