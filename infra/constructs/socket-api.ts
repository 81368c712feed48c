import { Aws, Stack } from 'aws-cdk-lib';
import { type CfnApi, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { type StageUrls, stageUrls } from '../local-differences.ts';
import { AccessLog, type AccessLogProps } from './access-log.ts';
import { acknowledge } from './acknowledge.ts';
import type { ServiceFunction } from './service-function.ts';

const STAGE_NAME = 'live';

/**
 * Frames and handshakes per second, over all connections. Posts to connections count against the same 10,000 requests
 * per second of the account, and one frame may need many posts, so most of them are left for those.
 */
const THROTTLE = { rateLimit: 2_000, burstLimit: 1_000 };

/** The function behind each route. `$connect` runs only when `authorize` has let the token pass. */
export interface SocketHandlers {
  readonly authorize: ServiceFunction;
  readonly $connect: ServiceFunction;
  readonly $disconnect: ServiceFunction;
  readonly 'send-message': ServiceFunction;
  readonly join: ServiceFunction;
  readonly leave: ServiceFunction;
  readonly typing: ServiceFunction;
  readonly $default: ServiceFunction;
}

/** What may be done to a connection: post a frame to it, close it, or ask whether it is there. */
type ConnectionMethod = 'POST' | 'DELETE' | 'GET';

/** Routes whose handler returns the reply. Without a route response the sender would not receive it. */
const REPLYING_ROUTES = ['send-message', 'join', 'leave', 'typing', '$default'] as const;

export interface SocketApiProps extends AccessLogProps {
  /** Where the emulator listens; AWS's own addresses without one. */
  readonly localEndpoint?: string;
}

/** The WebSocket API: one route per handler, one stage, and the right to post to its connections. */
export class SocketApi extends Construct {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;
  readonly urls: StageUrls;

  constructor(scope: Construct, id: string, props: SocketApiProps) {
    super(scope, id);
    this.api = new WebSocketApi(this, 'Api', {
      description: 'The WebSocket API of the chat',
      routeSelectionExpression: '$request.body.action',
    });
    const accessLog = new AccessLog(this, 'AccessLog', props);
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: STAGE_NAME,
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: accessLog.settings,
    });
    this.stage.node.addDependency(accessLog);
    // Built without the stage, from its name: functions need the URL, and the stage needs the functions.
    this.urls = stageUrls(Stack.of(this), this.api.apiId, STAGE_NAME, props.localEndpoint);
  }

  /**
   * Puts each handler behind its route. The stage comes after all of them: it deploys by itself what is there, and a
   * socket that is opened before the last route or route response would be sent to `$default`, or get no replies.
   */
  route(handlers: SocketHandlers): void {
    const connect = this.api.addRoute('$connect', {
      integration: new WebSocketLambdaIntegration('Connect', handlers.$connect),
      // No identity source: API Gateway would refuse a handshake without it, though its token may be in another place.
      authorizer: new WebSocketLambdaAuthorizer('Authorize', handlers.authorize, { identitySource: [] }),
    });
    const disconnect = this.api.addRoute('$disconnect', {
      integration: new WebSocketLambdaIntegration('Disconnect', handlers.$disconnect),
    });
    const replying = REPLYING_ROUTES.map((key) =>
      this.api.addRoute(key, { integration: new WebSocketLambdaIntegration(key, handlers[key]), returnResponse: true }),
    );
    this.stage.node.addDependency(connect, disconnect, ...replying);
    acknowledge(
      this.api,
      'Only $connect can have an authorizer. What it says about the user comes along with every later frame.',
      'AwsSolutions-APIG4',
    );
  }

  /** Post to this stage's connections, and know where. */
  grantPost(fn: ServiceFunction): void {
    this.#allowOnConnections(fn, 'POST');
  }

  /** Tell a connection's client why its socket ends, and close it. */
  grantClose(fn: ServiceFunction): void {
    this.grantPost(fn);
    this.#allowOnConnections(fn, 'DELETE');
  }

  /** Ask whether a connection still has a socket. */
  grantInspect(fn: ServiceFunction): void {
    this.#allowOnConnections(fn, 'GET');
  }

  #allowOnConnections(fn: ServiceFunction, method: ConnectionMethod): void {
    const { api } = this;
    const path = `${STAGE_NAME}/${method}/@connections/*`;
    fn.allow(
      ['execute-api:ManageConnections'],
      [`arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${api.apiId}/${path}`],
    );
    fn.setEnvironment('managementEndpoint', this.urls.management);
    const apiLogicalId = Stack.of(this).getLogicalId(api.node.defaultChild as CfnApi);
    acknowledge(
      fn.ownRole,
      'Connections come and go, each with an id of its own. The stage is named.',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:' +
        `<${apiLogicalId}>/${path}]`,
    );
  }
}
