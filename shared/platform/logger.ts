import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Report } from '../domain/report.ts';
import { ALARM_METRICS, STACK_DIMENSION } from './alarm-metrics.ts';
import { ENVIRONMENT } from './environment.ts';

/** Structured logs. Frames, tokens and query strings never go into them; ids of users and connections do. */
export const logger = new Logger();

const metrics = new Metrics();

/**
 * Where best-effort paths end: one line and one metric, named by its stage. A stage that needs a person has a second
 * metric, over all functions of the stack, because an alarm watches it.
 */
export const report: Report = (stage, error, count = 1) => {
  logger.warn('best effort failed', { stage, count, error: error instanceof Error ? error : new Error(String(error)) });
  const single = metrics.singleMetric();
  single.addDimension('stage', stage);
  single.addMetric('BestEffortFailed', MetricUnit.Count, count);
  if (!isAlarming(stage)) return;
  const alarming = metrics.singleMetric();
  alarming.clearDefaultDimensions();
  alarming.addDimension(STACK_DIMENSION, process.env[ENVIRONMENT.stackName] ?? 'unknown');
  alarming.addMetric(ALARM_METRICS[stage], MetricUnit.Count, count);
};

function isAlarming(stage: string): stage is keyof typeof ALARM_METRICS {
  return Object.hasOwn(ALARM_METRICS, stage);
}
