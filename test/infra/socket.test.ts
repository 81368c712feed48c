import { describe, expect, it } from 'vitest';
import { actionNames, actions } from '../../shared/protocol/actions.ts';
import { Synthesized } from './synthesize.ts';

const stack = new Synthesized();
const routes = new Map(
  stack.all('AWS::ApiGatewayV2::Route').map(([id, { Properties }]) => [Properties.RouteKey, { id, ...Properties }]),
);
const stage = stack.only('AWS::ApiGatewayV2::Stage')[1].Properties;

/** Name of the handler behind a route. */
function handlerOf(routeKey: string): string | undefined {
  const integrationId = JSON.stringify(routes.get(routeKey)?.Target);
  const [, integration] = stack
    .all('AWS::ApiGatewayV2::Integration')
    .find(([id]) => integrationId.includes(`"${id}"`)) ?? ['', undefined];
  const uri = JSON.stringify(integration?.Properties.IntegrationUri);
  return [...stack.functions()].find(([, fn]) => uri.includes(`"${fn.logicalId}"`))?.[0];
}

describe('routes', () => {
  it('are these and no others, each with its handler', () => {
    expect(Object.fromEntries([...routes.keys()].sort().map((key) => [key, handlerOf(key)]))).toEqual({
      $connect: 'connect',
      $default: 'command',
      $disconnect: 'disconnect',
      join: 'join',
      leave: 'leave',
      'send-message': 'send-message',
      typing: 'typing',
    });
  });

  it('are the actions whose records ask for one, beside the gateway’s own', () => {
    const own = actionNames.filter((name) => actions[name].route === 'own');
    expect([...routes.keys()].sort()).toEqual(['$connect', '$default', '$disconnect', ...own].sort());
  });

  it('are chosen by the action of a frame (ENV-2)', () => {
    const [, api] = stack.only('AWS::ApiGatewayV2::Api');
    expect(api.Properties.RouteSelectionExpression).toBe('$request.body.action');
  });

  it('return replies to the sender, except for connecting and disconnecting (ENV-4)', () => {
    const responding = stack
      .all('AWS::ApiGatewayV2::RouteResponse')
      .map(([, response]) => [...routes.values()].find(({ id }) => id === response.Properties.RouteId.Ref)?.RouteKey);
    expect(responding.sort()).toEqual(['$default', 'join', 'leave', 'send-message', 'typing']);
  });
});

describe('the authorizer', () => {
  const [authorizerId, authorizer] = stack.only('AWS::ApiGatewayV2::Authorizer');

  it('always runs: it has no identity source, so a token may be in any of its places (CONN-1)', () => {
    expect(authorizer.Properties).toMatchObject({ AuthorizerType: 'REQUEST', IdentitySource: [] });
  });

  it('runs before $connect', () => {
    expect(routes.get('$connect')).toMatchObject({
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: authorizerId },
    });
  });
});

describe('the stage', () => {
  const format: string = stage.AccessLogSettings.Format;

  it('logs JSON', () => {
    expect(JSON.parse(format)).toMatchObject({ connectionId: '$context.connectionId', status: '$context.status' });
  });

  it('logs no field that could hold a token or a message', () => {
    expect(format).not.toMatch(/query|header|body|path|error\.message|identity\.user\b|caller/i);
  });

  it('leaves most of the account’s requests to delivery', () => {
    expect(stage.DefaultRouteSettings.ThrottlingRateLimit).toBeLessThanOrEqual(5_000);
    expect(stage.DefaultRouteSettings.ThrottlingBurstLimit).toBeLessThanOrEqual(5_000);
  });

  it('does not log frames', () => {
    expect(stage.DefaultRouteSettings.DataTraceEnabled).not.toBe(true);
  });

  it('is created after all routes and route responses: a socket opened before would miss some of them', () => {
    const { DependsOn } = stack.only('AWS::ApiGatewayV2::Stage')[1] as { DependsOn?: string[] };
    for (const type of ['Route', 'RouteResponse', 'Integration']) {
      const ids = stack.all(`AWS::ApiGatewayV2::${type}`).map(([id]) => id);
      expect(ids.length).toBeGreaterThan(0);
      expect(DependsOn, type).toEqual(expect.arrayContaining(ids));
    }
  });

  it('is created after the account has a role for logs', () => {
    const template = stack.template.toJSON().Resources;
    const account = stack.all('AWS::ApiGateway::Account').map(([id]) => id);
    const stageDependsOn = Object.values<{ Type: string; DependsOn?: string[] }>(template).find(
      ({ Type }) => Type === 'AWS::ApiGatewayV2::Stage',
    )?.DependsOn;
    expect(stageDependsOn).toEqual(expect.arrayContaining(account));
    expect(new Synthesized({ accountLogRole: 'false' }).all('AWS::ApiGateway::Account')).toEqual([]);
  });
});
