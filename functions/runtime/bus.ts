import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createPublisher } from '../../shared/delivery/publish-to-bus.ts';
import type { PublishToBus } from '../../shared/domain/bus-events.ts';
import { readEnvironment } from '../../shared/platform/read-environment.ts';
import { once } from './once.ts';

export const publishToBus = /* @__PURE__ */ once(
  (): PublishToBus => createPublisher(new EventBridgeClient({}), readEnvironment('busName')),
);
