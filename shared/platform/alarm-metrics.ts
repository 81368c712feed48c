/**
 * The stages of `report` that need a person, each with a metric of its own and an alarm on that. The others are whole
 * again by themselves, and show in `BestEffortFailed` alone.
 */
export const ALARM_METRICS = {
  'management-refused': 'ManagementRefused',
  'delivery-dropped': 'DeliveryDropped',
  'unreadable-record': 'UnreadableRecord',
} as const;

export const METRICS_NAMESPACE = 'Parley';

/** The one dimension of these metrics: an alarm names all dimensions, and any function may be the one that reports. */
export const STACK_DIMENSION = 'stack';
