import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Report } from '../domain/report.ts';

/** Structured logs. Frames, tokens and query strings never go into them; ids of users and connections do. */
export const logger = new Logger();

const metrics = new Metrics();

/** Where best-effort paths end: one line and one metric, named by its stage. */
export const report: Report = (stage, error, count = 1) => {
  logger.warn('best effort failed', { stage, count, error: error instanceof Error ? error : new Error(String(error)) });
  const single = metrics.singleMetric();
  single.addDimension('stage', stage);
  single.addMetric('BestEffortFailed', MetricUnit.Count, count);
};
