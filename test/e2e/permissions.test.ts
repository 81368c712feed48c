import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { afterAll, describe, expect } from 'vitest';
import { test } from '../support/deployed-chat.ts';
import { deployedStack } from '../support/deployed-stack.ts';

const { endpoint, region, credentials } = deployedStack();
const iam = new IAMClient({ endpoint, region, credentials });
const lambda = new LambdaClient({ endpoint, region, credentials });

afterAll(() => {
  iam.destroy();
  lambda.destroy();
});

interface Statement {
  readonly Action: string | readonly string[];
}

/** The name of the role of the function whose name holds `part`. */
async function roleOf(part: string): Promise<string> {
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    const found = Functions.find(({ FunctionName = '' }) => FunctionName.includes(part));
    if (found) return found.Role?.split('/').at(-1) ?? '';
  }
  throw new Error(`there is no function ${part}`);
}

/** Takes an action away from a role. Gives a function that restores it. */
async function withdraw(RoleName: string, action: string): Promise<() => Promise<void>> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const undo: (() => Promise<unknown>)[] = [];
  for (const PolicyName of PolicyNames) {
    const policy = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    const PolicyDocument = decodeURIComponent(policy.PolicyDocument ?? '');
    const document = JSON.parse(PolicyDocument) as { Statement: readonly Statement[] };
    const without = document.Statement.map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().filter((allowed) => allowed !== action),
    })).filter(({ Action }) => Action.length > 0);
    const changed = JSON.stringify({ ...document, Statement: without });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: changed }));
    undo.push(() => iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument })));
  }
  return async () => {
    for (const step of undo) await step();
  };
}

describe('IAM is enforced', () => {
  test('a missing permission gives internal without details, and all works once it is restored', async ({ chat }) => {
    const [alice, bob] = await chat.connectAll('alice', 'bob');
    const conversationId = await chat.channel(alice, bob);
    const putBack = await withdraw(await roleOf('SendMessage'), 'dynamodb:PutItem');

    const error = await alice.refusal('send-message', { conversationId, content: 'x' }).finally(putBack);
    const sent = await alice.say(conversationId, 'y');
    await bob.hears('y');

    expect(error).toMatchObject({ code: 'internal', retryable: true });
    expect(error.message).toMatch(/^unable to send the message; something failed here \([A-Za-z0-9=_-]+\)$/);
    expect(JSON.stringify(error)).not.toMatch(/arn:|dynamodb|table|role|AccessDenied/i);
    expect(sent.seq).toBe(1);
  });
});
