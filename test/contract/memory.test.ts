import { beforeAll, describe } from 'vitest';
import { createMemoryStores } from '../support/memory-stores.ts';
import { changeContract } from './change-contract.ts';
import { connectionContract } from './connection-contract.ts';
import { conversationContract } from './conversation-contract.ts';
import { logContract } from './log-contract.ts';
import { rateAndPresenceContract } from './rate-and-presence-contract.ts';
import type { Subject } from './subject.ts';

describe('the stores in memory', () => {
  let subject: Subject;
  beforeAll(() => {
    const stores = createMemoryStores({ pageSize: 2 });
    subject = { stores, smallPages: stores };
  });
  for (const contract of [
    logContract,
    changeContract,
    conversationContract,
    connectionContract,
    rateAndPresenceContract,
  ]) {
    contract(() => subject);
  }
});
