import * as z from 'zod';
import { conversationId, position, status, time, userId } from '../identifiers.ts';
import { PING_POSITIONS_MAX } from '../limits.ts';
import { PROTOCOL_VERSION } from '../version.ts';
import { action } from './action.ts';

export const connectionActions = {
  ping: action({
    subject: 'Connection',
    summary: 'Keep the connection alive and learn which logs are behind',
    does: 'answer the ping',
    route: '$default',
    fields: z.strictObject({
      positions: z
        .array(z.strictObject({ conversationId, seq: position }))
        .max(PING_POSITIONS_MAX)
        .optional()
        .describe('Up to where the client has each log'),
    }),
    reply: {
      event: 'pong',
      data: z.object({
        at: time,
        userId,
        expiresAt: time.describe('End of the token'),
        protocol: z.literal(PROTOCOL_VERSION),
        behind: z
          .array(z.object({ conversationId, head: position }))
          .describe('Logs that have more than the client said'),
      }),
    },
    errorEvent: 'error',
    errors: [],
    pushes: [],
    rules: ['CONN-3', 'CONN-4'],
    worksInGrace: true,
    examples: [
      { fields: ({ conversationId, position }) => ({ positions: [{ conversationId, seq: position }] }) },
      { variant: 'as a hello', fields: () => ({}) },
    ],
  }),
  'refresh-token': action({
    subject: 'Connection',
    summary: 'Extend the connection by a newer token of the same user',
    does: 'refresh the token',
    route: '$default',
    fields: z.strictObject({ token: z.string() }),
    reply: { event: 'token-refreshed', data: z.object({ expiresAt: time }) },
    errorEvent: 'error',
    errors: [],
    pushes: [],
    rules: ['CONN-3', 'CONN-5'],
    worksInGrace: true,
    examples: [{ fields: () => ({ token: 'paste a new token here' }) }],
  }),
  'set-status': action({
    subject: 'Connection',
    summary: 'Be online, away or busy',
    does: 'set the status',
    route: '$default',
    fields: z.strictObject({ status }),
    reply: { event: 'status-set', data: z.object({ status }) },
    errorEvent: 'error',
    errors: [],
    pushes: ['user:online'],
    rules: ['PRES-1'],
    examples: [{ fields: () => ({ status: 'away' as const }) }],
  }),
};
