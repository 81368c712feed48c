import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat, CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/**
 * One JSON object per handshake and frame. It holds nothing from a query string, header or frame: there may be a token
 * in it (CONN-1), and what people write is nobody else's business.
 */
const FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    at: AccessLogField.contextRequestTimeEpoch(),
    requestId: AccessLogField.contextRequestId(),
    connectionId: AccessLogField.contextConnectionId(),
    routeKey: AccessLogField.contextRouteKey(),
    eventType: AccessLogField.contextEventType(),
    userId: AccessLogField.contextAuthorizer('userId'),
    ip: AccessLogField.contextIdentitySourceIp(),
    status: AccessLogField.contextStatus(),
    responseType: AccessLogField.contextErrorResponseType(),
    integrationError: AccessLogField.contextIntegrationErrorMessage(),
    integrationMs: AccessLogField.contextIntegrationLatency(),
    authorizerMs: AccessLogField.contextAuthorizerIntegrationLatency(),
  }),
);

export interface AccessLogProps {
  /** Whether to set the account's role for API Gateway's logs; this replaces the one that the account has. */
  readonly accountLogRole: boolean;
}

/** Where a stage writes its access log, and the account's permission to do so. */
export class AccessLog extends Construct {
  readonly settings: IAccessLogSettings;

  constructor(scope: Construct, id: string, props: AccessLogProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.settings = { destination: new LogGroupLogDestination(logGroup), format: FORMAT };
    if (props.accountLogRole) this.#setAccountRole();
  }

  /**
   * A WebSocket stage with an access log cannot be made in an account that never had such a role. The role always stays
   * when the stack goes: it holds no data of the chat, and by then all other APIs of the account may log through it.
   */
  #setAccountRole(): void {
    const role = new Role(this, 'AccountRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    acknowledge(
      role,
      'An account has one role for the logs of all its APIs, and API Gateway wants it to have this very policy.',
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    );
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
