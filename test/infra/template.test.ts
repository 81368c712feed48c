import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it, vi } from 'vitest';
import { buildStack, Synthesized } from './synthesize.ts';

const ENDPOINT = 'http://localhost:4566';
const said = vi.spyOn(console, 'error').mockImplementation(() => {});
const LOCAL = { local: 'true', endpoint: ENDPOINT };

describe.each([
  ['AwsSolutions', () => new AwsSolutionsChecks()],
  ['Serverless', () => new ServerlessChecks()],
])('%s checks', (_, createPack) => {
  it.each([
    ['on AWS', {}],
    ['with a given issuer', { issuer: 'https://issuer.example', audience: 'chat' }],
    ['on an emulator', { ...LOCAL, removeData: 'true' }],
  ])('find nothing that is not acknowledged %s', (_, context) => {
    expect(createPack().validateScope(buildStack(context)).violations).toEqual([]);
  });
});

describe('the template', () => {
  it('is the reviewed one', async () => {
    const text = JSON.stringify(new Synthesized().template.toJSON(), null, 2).replaceAll(/[0-9a-f]{64}/g, '<asset>');
    await expect(`${text}\n`).toMatchFileSnapshot('__snapshots__/parley.template.json');
  });
});

describe('a stack for an emulator', () => {
  const aws = new Synthesized();
  const local = new Synthesized(LOCAL);

  /** A resource without the differences that the tests below are about. */
  const withoutDifferences = (resource: unknown): unknown =>
    JSON.parse(
      JSON.stringify(resource, (key, value) => {
        if (key === 'MANAGEMENT_ENDPOINT' || key === 'TOKEN_ISSUERS') return undefined;
        // Where assets are depends on the version of the bootstrap stack.
        if (key === 'Code' && value.S3Bucket) return undefined;
        if (key === 'DependsOn') return value.filter((id: string) => id in local.resources);
        return value;
      }),
    );

  it('lacks route responses and queue policies, and nothing else', () => {
    const lacking = Object.keys(aws.resources).filter((id) => !(id in local.resources));
    expect(new Set(lacking.map((id) => aws.resources[id]?.Type))).toEqual(
      new Set(['AWS::ApiGatewayV2::RouteResponse', 'AWS::SQS::QueuePolicy']),
    );
    expect(Object.keys(local.resources).filter((id) => !(id in aws.resources))).toEqual([]);
  });

  it('says so in one line', () => {
    said.mockClear();
    buildStack(LOCAL);
    expect(said.mock.calls).toEqual([
      [expect.stringMatching(/^Local stack: left out 5 route responses and 5 queue policies/)],
    ]);
  });

  it('differs otherwise only in addresses', () => {
    for (const [id, resource] of Object.entries(local.resources)) {
      expect(withoutDifferences(resource), id).toEqual(withoutDifferences(aws.resources[id]));
    }
  });

  it('has its addresses at the emulator', () => {
    const { Outputs } = local.template.toJSON();
    expect(JSON.stringify(Outputs.WebSocketUrl.Value)).toContain('ws://localhost:4566/_aws/execute-api/');
    expect(JSON.stringify(Outputs.ManagementUrl.Value)).toContain('http://localhost:4566/_aws/execute-api/');
    const command = local.functions().get('command')?.Properties.Environment.Variables;
    expect(JSON.stringify(command.MANAGEMENT_ENDPOINT)).toContain('http://localhost:4566/_aws/execute-api/');
    expect(JSON.stringify(command.TOKEN_ISSUERS)).toContain(`\\"jwksUri\\":\\"${ENDPOINT}/`);
  });

  it('is recognized by AWS_ENDPOINT_URL, unless the context says otherwise', () => {
    const env = { AWS_ENDPOINT_URL: ENDPOINT };
    expect(new Synthesized({}, env).resources).toEqual(local.resources);
    expect(new Synthesized({ local: 'false' }, env).resources).toEqual(aws.resources);
  });

  it('keeps the route responses where the emulator has them', () => {
    const responses = new Synthesized({ ...LOCAL, routeResponses: 'true' }).all('AWS::ApiGatewayV2::RouteResponse');
    expect(responses).toHaveLength(5);
  });
});
