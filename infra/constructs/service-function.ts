import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ENVIRONMENT, type EnvironmentKey } from '../../shared/platform/environment.ts';
import type { Bundle } from '../code.ts';
import { acknowledge } from './acknowledge.ts';

const METRICS_NAMESPACE = 'Parley';

export interface ServiceFunctionProps {
  /** The handler's name, as its file under `functions/`; log lines carry it. */
  readonly name: string;
  /** Its code. */
  readonly bundle: Bundle;
  /** One sentence for whoever finds it in a console. */
  readonly description: string;
  /** Memory, and with it CPU: 1,769 MB are one vCPU. */
  readonly memoryMB: number;
  readonly timeoutSeconds: number;
  /** Gets the event of an asynchronous invocation that failed for good. */
  readonly deadLetterQueue?: IQueue;
}

/**
 * A Lambda function with its own role, which may write its own log and nothing else until an owner grants more, and
 * its own log group. It knows the names of what it may use, because owners set them as they grant.
 */
export class ServiceFunction extends LambdaFunction {
  readonly ownRole: Role;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${props.name} may do`,
    });
    logGroup.grantWrite(role);
    super(scope, id, {
      description: props.description,
      code: Code.fromAsset(props.bundle.directory),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMB,
      timeout: Duration.seconds(props.timeoutSeconds),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      ...(props.deadLetterQueue && { deadLetterQueue: props.deadLetterQueue }),
      environment: { POWERTOOLS_SERVICE_NAME: props.name, POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE },
    });
    this.ownRole = role;
    acknowledge(
      this,
      'Spans would end at the socket, the stream and the bus; log lines share a request id instead, for no money.',
      'Serverless-LambdaTracing',
    );
    if (!props.deadLetterQueue) {
      acknowledge(
        this,
        'Never invoked asynchronously: failures go back to the socket, or to the queue of its event source.',
        'Serverless-LambdaDLQ',
      );
    }
  }

  /** Tells the handler `value` under the name that it looks for. */
  setEnvironment(key: EnvironmentKey, value: string): void {
    this.addEnvironment(ENVIRONMENT[key], value);
  }

  /** Allows `actions` on `resources`; called by the owners of the resources only. */
  allow(actions: readonly string[], resources: readonly string[], conditions?: Record<string, unknown>): void {
    this.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [...actions],
        resources: [...resources],
        ...(conditions && { conditions }),
      }),
    );
  }
}
