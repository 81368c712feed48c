import { expect, it } from 'vitest';
import { DELIVERY_DETAIL_TYPES, EVENT_SOURCE } from '../../infra/constructs/chat-bus.ts';
import { BUS_SOURCE, busEvents } from '../../shared/domain/bus-events.ts';

it('the rule hands every kind of event that a handler puts to the function that posts', () => {
  expect(EVENT_SOURCE).toBe(BUS_SOURCE);
  expect([...DELIVERY_DETAIL_TYPES].sort()).toEqual(Object.keys(busEvents).sort());
});
