import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let lines: string[];

beforeEach(() => {
  lines = [];
  vi.resetModules();
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Parley');
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'broadcast');
  vi.stubEnv('STACK_NAME', 'MyChat');
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    if (String(line).includes('"_aws"')) lines.push(String(line));
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The metrics that a report makes: name, dimensions with their values, and value. */
async function metricsOf(stage: string, count?: number): Promise<unknown[]> {
  const { report } = await import('../../shared/platform/logger.ts');
  report(stage, new Error('why'), count);
  return lines.map((line) => {
    const emf = JSON.parse(line);
    const [{ Metrics, Dimensions, Namespace }] = emf._aws.CloudWatchMetrics;
    const name = Metrics[0].Name;
    return [Namespace, name, Dimensions.map((names: string[]) => names.map((one) => `${one}=${emf[one]}`)), emf[name]];
  });
}

test('a failed attempt is counted by function and stage', async () => {
  expect(await metricsOf('deliver-ephemeral', 3)).toEqual([
    ['Parley', 'BestEffortFailed', [['service=broadcast', 'stage=deliver-ephemeral']], 3],
  ]);
});

test.each([
  ['management-refused', 'ManagementRefused'],
  ['delivery-dropped', 'DeliveryDropped'],
  ['unreadable-record', 'UnreadableRecord'],
])('%s needs a person: it is counted for its alarm too, whichever function it was', async (stage, metric) => {
  expect(await metricsOf(stage, 2)).toEqual([
    ['Parley', 'BestEffortFailed', [['service=broadcast', `stage=${stage}`]], 2],
    ['Parley', metric, [['stack=MyChat']], 2],
  ]);
});
