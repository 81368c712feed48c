import { describe, expect, it } from 'vitest';
import { type Resource, Synthesized } from './synthesize.ts';

function table(stack: Synthesized, name: string): Resource {
  return stack.all('AWS::DynamoDB::GlobalTable').find(([id]) => id.startsWith(name))?.[1] as Resource;
}
function retained(resource: Resource | undefined): boolean {
  return resource?.DeletionPolicy === 'Retain';
}
function pool(stack: Synthesized): Resource | undefined {
  return stack.all('AWS::Cognito::UserPool')[0]?.[1];
}

describe('by default', () => {
  const stack = new Synthesized();

  it('tables and users stay when the stack is deleted', () => {
    expect(retained(table(stack, 'Chat'))).toBe(true);
    expect(retained(table(stack, 'Connections'))).toBe(true);
    expect(retained(pool(stack))).toBe(true);
  });

  it('the chat table can be restored to any second of the last weeks, and cannot be deleted by mistake', () => {
    expect(table(stack, 'Chat').Properties.Replicas[0]).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it('only connections expire', () => {
    expect(table(stack, 'Connections').Properties.TimeToLiveSpecification).toEqual({
      AttributeName: 'expiresAt',
      Enabled: true,
    });
    expect(table(stack, 'Chat').Properties.TimeToLiveSpecification).toBeUndefined();
  });

  it.each(['Chat', 'Connections'])(
    'the %s table has the keys pk and sk, is paid per request, and streams both images',
    (name) => {
      expect(table(stack, name).Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      });
    },
  );

  it('the index of memberships holds keys alone', () => {
    expect(table(stack, 'Chat').Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'GSI1',
        KeySchema: [
          { AttributeName: 'gsi1pk', KeyType: 'HASH' },
          { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  });
});

describe('with removeData', () => {
  it('everything is deleted with the stack but the log role of the account, which its other APIs may use too', () => {
    const stack = new Synthesized({ removeData: 'true', web: 'true' });
    const kept = Object.values(stack.resources).filter((resource) => retained(resource));
    expect(kept.map(({ Type }) => Type).sort()).toEqual(['AWS::ApiGateway::Account', 'AWS::IAM::Role']);
    const [account, role] = kept.toSorted((a, b) => (a.Type < b.Type ? -1 : 1));
    const [roleId] = Object.entries(stack.resources).find(([, resource]) => resource === role) ?? [];
    expect(account?.Properties.CloudWatchRoleArn).toEqual({ 'Fn::GetAtt': [roleId, 'Arn'] });
    expect(table(stack, 'Chat').Properties.Replicas[0].DeletionProtectionEnabled).toBe(false);
  });
});
