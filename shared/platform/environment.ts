/** The one list of environment names that the stack sets and the handlers read: a rename cannot miss a side. */
export const ENVIRONMENT = {
  /** Name of the table that holds conversations, members and logs. */
  chatTable: 'CHAT_TABLE',
  /** Name of the table that holds connections, subscriptions, presence and buckets. */
  connectionsTable: 'CONNECTIONS_TABLE',
  /** Name of the EventBridge bus. */
  busName: 'BUS_NAME',
  /** `https://{api}.execute-api.{region}.amazonaws.com/{stage}`, where frames are posted to connections. */
  managementEndpoint: 'MANAGEMENT_ENDPOINT',
  /** Queue through which a room's presence of one user is looked at again, some seconds after a subscription went. */
  presenceQueueUrl: 'PRESENCE_QUEUE_URL',
  /** Queue that names the log positions whose delivery was given up; redriving reads the log. */
  undeliveredQueueUrl: 'UNDELIVERED_QUEUE_URL',
  /** Name of the stack, by which its alarms tell its metrics from those of other stacks. */
  stackName: 'STACK_NAME',
  /** JSON list of `{issuer, audience, jwksUri?, tokenUse?}`: whose tokens are accepted. */
  tokenIssuers: 'TOKEN_ISSUERS',
  /** `true` where a token may come as `?token=` (CONN-1). */
  allowQueryToken: 'ALLOW_QUERY_TOKEN',
} as const;

/** One of the names above, as a key. */
export type EnvironmentKey = keyof typeof ENVIRONMENT;
