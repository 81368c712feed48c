import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { FeaturePlan, UserPool, type UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { userPoolKeysUrl } from '../local-differences.ts';
import type { Settings } from '../settings.ts';
import { acknowledge } from './acknowledge.ts';
import type { ServiceFunction } from './service-function.ts';
import type { UserPoolSignIn } from './web-app.ts';

/** Whose tokens are accepted: the given issuer's, those of a Cognito user pool made here, or both. */
export class TokenIssuers extends Construct {
  /** How a browser signs in with the user pool, if there is one. */
  userPool: UserPoolSignIn | undefined;
  readonly #list: readonly Record<string, string>[];
  readonly #queryToken: boolean;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.#queryToken = settings.allowQueryToken;
    this.#list = [
      ...(settings.issuer ? [{ ...settings.issuer }] : []),
      ...(settings.userPool ? [this.#createUserPool(settings)] : []),
    ];
  }

  /** Verify tokens, by knowing whose to accept; keys are public, so this allows nothing. */
  grantVerify(fn: ServiceFunction): void {
    fn.setEnvironment('tokenIssuers', Stack.of(this).toJsonString(this.#list));
    fn.setEnvironment('allowQueryToken', String(this.#queryToken));
  }

  #createUserPool({ removeData, localEndpoint }: Settings): Record<string, string> {
    const pool = new UserPool(this, 'UserPool', {
      // Whoever runs the chat says who may chat; turn it on for a public one.
      selfSignUpEnabled: false,
      signInAliases: { username: true, email: true },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      featurePlan: FeaturePlan.ESSENTIALS,
      removalPolicy: removeData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      deletionProtection: !removeData,
    });
    acknowledge(pool, 'Whether users of a chat need a second factor is their operator’s choice.', 'AwsSolutions-COG2');
    acknowledge(
      pool,
      'The plus plan costs per user and protects sign-in pages, which this has none of.',
      'AwsSolutions-COG8',
    );
    const client = createClient(pool);
    new CfnOutput(Stack.of(this), 'UserPoolId', { value: pool.userPoolId, description: 'Where users are created' });
    new CfnOutput(Stack.of(this), 'UserPoolClientId', {
      value: client.userPoolClientId,
      description: 'Audience of its tokens',
    });
    const endpoint = `https://cognito-idp.${Stack.of(this).region}.amazonaws.com/`;
    this.userPool = { clientId: client.userPoolClientId, endpoint: localEndpoint ? `${localEndpoint}/` : endpoint };
    const issuer = `${endpoint}${pool.userPoolId}`;
    return {
      issuer,
      audience: client.userPoolClientId,
      jwksUri: userPoolKeysUrl(issuer, pool.userPoolId, localEndpoint),
      tokenUse: 'access',
    };
  }
}

function createClient(pool: UserPool): UserPoolClient {
  return pool.addClient('Client', {
    // A browser and a command line keep no secret.
    generateSecret: false,
    authFlows: { userSrp: true, userPassword: true, adminUserPassword: true },
    // No hosted pages, so no redirects to get wrong.
    disableOAuth: true,
    preventUserExistenceErrors: true,
  });
}
