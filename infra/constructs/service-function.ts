import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../../shared/platform/alarm-metrics.ts';
import { ENVIRONMENT, type EnvironmentKey } from '../../shared/platform/environment.ts';
import type { Bundle } from '../code.ts';
import { acknowledge } from './acknowledge.ts';

export interface ServiceFunctionProps {
  /** The handler's name, which is its file's under `functions/`. Log lines carry it. */
  readonly name: string;
  /** Its code. */
  readonly bundle: Bundle;
  /** What it does, in one sentence, for whoever finds it in AWS's console. */
  readonly description: string;
  /** Memory, and with it CPU: 1,769 MB are one vCPU. */
  readonly memoryMB: number;
  readonly timeoutSeconds: number;
  /** Gets the event if an asynchronous invocation has failed for the last time. */
  readonly deadLetterQueue?: IQueue;
}

/**
 * A Lambda function with a log group and a role of its own. The role may write that log, and nothing else until the
 * owner of a resource grants more. The owner then also tells the function the resource's name.
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
      environment: {
        POWERTOOLS_SERVICE_NAME: props.name,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        [ENVIRONMENT.stackName]: Stack.of(scope).stackName,
      },
    });
    this.ownRole = role;
    acknowledge(
      this,
      'A trace would end at the socket, the stream and the bus. Log lines share a request id, which costs nothing.',
      'Serverless-LambdaTracing',
    );
    if (!props.deadLetterQueue) {
      acknowledge(
        this,
        'It is never invoked asynchronously: a failure goes back to the socket, or to the queue of its event source.',
        'Serverless-LambdaDLQ',
      );
    }
  }

  /** Sets the environment variable that the handler reads under `key`. */
  setEnvironment(key: EnvironmentKey, value: string): void {
    this.addEnvironment(ENVIRONMENT[key], value);
  }

  /** Allows `actions` on `resources`. Only the owner of a resource calls this. */
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
