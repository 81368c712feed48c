import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createPublisher } from '../../shared/delivery/publish-to-bus.ts';
import type { PublishToBus } from '../../shared/domain/bus-events.ts';
import { readEnvironment } from '../../shared/platform/read-environment.ts';
import { once } from './once.ts';
import { TIME_LIMITS } from './time-limits.ts';

export const publishToBus = /* @__PURE__ */ once(
  (): PublishToBus =>
    createPublisher(new EventBridgeClient({ requestHandler: TIME_LIMITS }), readEnvironment('busName')),
);
