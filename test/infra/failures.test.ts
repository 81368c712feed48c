import { describe, expect, it } from 'vitest';
import { Synthesized } from './synthesize.ts';

const stack = new Synthesized();
const mappings = stack.all('AWS::Lambda::EventSourceMapping').map(([, mapping]) => mapping.Properties);
const streams = mappings.filter((mapping) => mapping.StartingPosition !== undefined);
const queues = mappings.filter((mapping) => mapping.StartingPosition === undefined);

/** The queue that a `{Fn::GetAtt: [id, 'Arn']}` names. */
function queueOf(arn: { readonly 'Fn::GetAtt': readonly [string, string] }) {
  return stack.resources[arn['Fn::GetAtt'][0]];
}

describe('every asynchronous consumer keeps what it fails on', () => {
  it('there are two streams, one queue and one rule', () => {
    expect([streams.length, queues.length, stack.all('AWS::Events::Rule').length]).toEqual([2, 1, 1]);
  });

  it('a stream consumer gives up in time, on as few records as possible, and says where they are', () => {
    for (const mapping of streams) {
      expect(queueOf(mapping.DestinationConfig.OnFailure.Destination)?.Type).toBe('AWS::SQS::Queue');
      // A function that fails at once would use up any number of retries within seconds: only the age ends them.
      expect(mapping.MaximumRetryAttempts).toBe(-1);
      expect(mapping.MaximumRecordAgeInSeconds).toBeGreaterThanOrEqual(3_600);
      // For so long a stream keeps its records, and a redrive can read what was given up.
      expect(mapping.MaximumRecordAgeInSeconds).toBeLessThan(12 * 3_600);
      expect(mapping.BisectBatchOnFunctionError).toBe(true);
      expect(mapping.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    }
  });

  it('a queue passes what failed on to another, and waits longer than its consumer may take', () => {
    for (const mapping of queues) {
      const source = queueOf(mapping.EventSourceArn)?.Properties;
      expect(queueOf(source.RedrivePolicy.deadLetterTargetArn)?.Type).toBe('AWS::SQS::Queue');
      const consumer = stack.resources[mapping.FunctionName.Ref]?.Properties;
      expect(source.VisibilityTimeout).toBeGreaterThanOrEqual(6 * consumer.Timeout);
      expect(mapping.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    }
  });

  it('a rule has a dead-letter queue for what it cannot hand over, its function has one for what it fails on', () => {
    for (const [, rule] of stack.all('AWS::Events::Rule')) {
      for (const target of rule.Properties.Targets) {
        const fn = stack.resources[target.Arn['Fn::GetAtt'][0]]?.Properties;
        expect(queueOf(target.DeadLetterConfig.Arn)?.Type).toBe('AWS::SQS::Queue');
        // The same queue and the same shape, so that one redrive reads both.
        expect(fn.DeadLetterConfig.TargetArn).toEqual(target.DeadLetterConfig.Arn);
      }
    }
  });

  it('every queue of failures keeps them for 14 days, and an alarm watches it', () => {
    const watched = stack
      .all('AWS::CloudWatch::Alarm')
      .flatMap(([, alarm]) => alarm.Properties.Dimensions ?? [])
      .map((dimension) => dimension.Value?.['Fn::GetAtt']?.[0]);
    const failures = stack.all('AWS::SQS::Queue').filter(([, queue]) => !queue.Properties.RedrivePolicy);
    expect(failures).toHaveLength(4);
    for (const [logicalId, queue] of failures) {
      expect(queue.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
      expect(watched).toContain(logicalId);
    }
  });
});

describe('what functions report that does not become right by itself', () => {
  it.each(['ManagementRefused', 'DeliveryDropped', 'UnreadableRecord'])(
    '%s sets off an alarm, once is enough',
    (name) => {
      const alarms = stack.all('AWS::CloudWatch::Alarm').map(([, alarm]) => alarm.Properties);
      const [alarm, ...others] = alarms.filter(({ MetricName }) => MetricName === name);
      expect(others).toEqual([]);
      expect(alarm).toMatchObject({
        Namespace: 'Parley',
        Statistic: 'Sum',
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
      });
      const [fn] = stack.functions().values();
      expect(alarm?.Dimensions).toEqual([{ Name: 'stack', Value: fn?.Properties.Environment.Variables.STACK_NAME }]);
    },
  );
});

describe('what reaches a consumer', () => {
  const patterns = (mapping: (typeof streams)[number]) =>
    mapping.FilterCriteria.Filters.map((filter: { Pattern: string }) => JSON.parse(filter.Pattern));
  const forTable = (name: string) => streams.find((mapping) => JSON.stringify(mapping.EventSourceArn).includes(name));

  it('from the chat table: new entries, and members who became active', () => {
    const member = { pk: { S: [{ prefix: 'C#' }] }, sk: { S: [{ prefix: 'M#' }] } };
    expect(patterns(forTable('Chat'))).toEqual([
      { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: 'L#' }] } } } },
      { eventName: ['INSERT'], dynamodb: { Keys: member, NewImage: { state: { S: ['active'] } } } },
      {
        eventName: ['MODIFY'],
        dynamodb: {
          Keys: member,
          NewImage: { state: { S: ['active'] } },
          OldImage: { state: { S: [{ 'anything-but': ['active'] }] } },
        },
      },
    ]);
  });

  it('from the connections table: connections that ended, and subscriptions that began or ended', () => {
    expect(patterns(forTable('Connections'))).toEqual([
      { eventName: ['REMOVE'], dynamodb: { Keys: { pk: { S: [{ prefix: 'K#' }, { prefix: 'R#' }] } } } },
      { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: 'R#' }] } } } },
    ]);
  });

  it('from the bus: what becomes frames', () => {
    const [, rule] = stack.only('AWS::Events::Rule');
    expect(rule.Properties.EventPattern).toEqual({
      source: ['parley'],
      'detail-type': ['entries-appended', 'frames-to-rooms', 'delivery-retry'],
    });
  });
});
