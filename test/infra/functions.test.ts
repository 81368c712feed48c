import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/code.ts';
import { ENVIRONMENT } from '../../shared/platform/environment.ts';
import { Synthesized } from './synthesize.ts';

const stack = new Synthesized({ allowQueryToken: 'true' });
const functions = stack.functions();
function environmentOf(name: string): Record<string, unknown> {
  return functions.get(name)?.Properties.Environment.Variables;
}

describe('every function', () => {
  it('is deployed, and no other is', () => {
    expect([...functions.keys()].sort()).toEqual([...FUNCTION_NAMES].sort());
  });

  it.each([...FUNCTION_NAMES])('%s runs Node 24 on arm64 and logs JSON', (name) => {
    expect(functions.get(name)?.Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      LoggingConfig: { LogFormat: 'JSON' },
    });
  });

  it.each([...FUNCTION_NAMES])('%s has a log group of its own, which forgets after 30 days', (name) => {
    const logGroup = stack.resources[functions.get(name)?.Properties.LoggingConfig.LogGroup.Ref];
    expect(logGroup?.Properties.RetentionInDays).toBe(30);
    expect(logGroup?.DeletionPolicy).toBe('Delete');
  });

  it.each([...FUNCTION_NAMES])('%s has only environment variables that are on the list', (name) => {
    const known: string[] = [...Object.values(ENVIRONMENT), 'POWERTOOLS_SERVICE_NAME', 'POWERTOOLS_METRICS_NAMESPACE'];
    expect(Object.keys(environmentOf(name)).filter((variable) => !known.includes(variable))).toEqual([]);
  });

  it('has enough CPU, if it races for a log or posts', () => {
    for (const name of ['send-message', 'command', 'join', 'broadcast']) {
      expect(functions.get(name)?.Properties.MemorySize).toBeGreaterThanOrEqual(1_024);
    }
  });

  it('answers before clients give up (ENV-4), if it answers at all', () => {
    for (const name of ['connect', 'send-message', 'join', 'leave', 'typing', 'command']) {
      expect(functions.get(name)?.Properties.Timeout).toBeLessThanOrEqual(10);
    }
  });
});

describe('the owner that lets a function use something tells it where that is', () => {
  const variable = (name: string, key: keyof typeof ENVIRONMENT): boolean => ENVIRONMENT[key] in environmentOf(name);
  const told = (key: keyof typeof ENVIRONMENT): string[] => FUNCTION_NAMES.filter((name) => variable(name, key)).sort();

  it('tables', () => {
    expect(told('chatTable')).toEqual(['broadcast', 'command', 'join', 'publish-events', 'send-message', 'typing']);
    expect(told('connectionsTable')).toEqual(
      FUNCTION_NAMES.filter((name) => name !== 'authorize' && name !== 'publish-events').sort(),
    );
  });

  it('bus and queues', () => {
    expect(told('busName')).toEqual(['broadcast', 'publish-events', 'settle-presence']);
    expect(told('presenceQueueUrl')).toEqual(['connection-changes']);
    expect(told('undeliveredQueueUrl')).toEqual(['publish-events']);
  });

  it('issuers whose tokens are accepted', () => {
    expect(told('tokenIssuers')).toEqual(['authorize', 'command']);
    expect(environmentOf('authorize').ALLOW_QUERY_TOKEN).toBe('true');
    expect(new Synthesized().functions().get('authorize')?.Properties.Environment.Variables.ALLOW_QUERY_TOKEN).toBe(
      'false',
    );
  });
});
