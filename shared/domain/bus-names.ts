/** `source` of every event of ours on the bus. */
export const BUS_SOURCE = 'parley';

/** The detail types: entries of a log, other frames for rooms, and posts to try again. All of them become frames. */
export const BUS_EVENT_TYPES = ['entries-appended', 'frames-to-rooms', 'delivery-retry'] as const;
export type BusEventType = (typeof BUS_EVENT_TYPES)[number];
