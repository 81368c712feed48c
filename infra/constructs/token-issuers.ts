import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { FeaturePlan, UserPool, type UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { userPoolKeysUrl } from '../local-differences.ts';
import { acknowledge } from './acknowledge.ts';
import type { ServiceFunction } from './service-function.ts';
import type { UserPoolSignIn } from './web-app.ts';

/** An OpenID Connect issuer whose tokens are accepted. */
export interface GivenIssuer {
  /** The `iss` of its tokens, a URL. */
  readonly issuer: string;
  /** The `aud` of tokens that are meant for this chat. */
  readonly audience: string;
  /** Where its public keys are; without it, its discovery document says so. */
  readonly jwksUri?: string;
}

export interface TokenIssuersProps {
  readonly issuer?: GivenIssuer;
  /** Whether to create a user pool, alone or beside the given issuer. */
  readonly createUserPool: boolean;
  /** Whether a token may come as `?token=` (CONN-1). */
  readonly allowQueryToken: boolean;
  /** Whether the user pool is deleted with the stack; otherwise it stays. */
  readonly removeData: boolean;
  /** Where the emulator listens; AWS's own addresses without one. */
  readonly localEndpoint?: string;
}

/** Whose tokens are accepted: the given issuer's, those from a Cognito user pool made here, or both. */
export class TokenIssuers extends Construct {
  /** The user pool, if there is one. */
  readonly userPool?: UserPool;
  /** The user pool's one client: how browsers and command lines sign in. */
  readonly userPoolClient?: UserPoolClient;
  /** How a browser signs in with the user pool, if there is one. */
  readonly signIn?: UserPoolSignIn;
  readonly #accepted: readonly (GivenIssuer & { readonly tokenUse?: 'access'; readonly allowHttp?: true })[];
  readonly #allowQueryToken: boolean;

  constructor(scope: Construct, id: string, props: TokenIssuersProps) {
    super(scope, id);
    this.#allowQueryToken = props.allowQueryToken;
    const { localEndpoint } = props;
    if (props.issuer && !localEndpoint) requireTls(props.issuer);
    // A local stack's issuers have no TLS; the functions refuse such ones unless they are told.
    const allowHttp = localEndpoint ? ({ allowHttp: true } as const) : {};
    const given = props.issuer ? [{ ...props.issuer, ...allowHttp }] : [];
    if (!props.createUserPool) {
      this.#accepted = given;
      return;
    }
    this.userPool = createUserPool(this, props.removeData);
    this.userPoolClient = createClient(this.userPool);
    const { userPoolId } = this.userPool;
    const { userPoolClientId } = this.userPoolClient;
    const endpoint = `https://cognito-idp.${Stack.of(this).region}.amazonaws.com/`;
    this.signIn = { clientId: userPoolClientId, endpoint: localEndpoint ? `${localEndpoint}/` : endpoint };
    const issuer = `${endpoint}${userPoolId}`;
    const jwksUri = userPoolKeysUrl(issuer, userPoolId, localEndpoint);
    this.#accepted = [...given, { issuer, audience: userPoolClientId, jwksUri, tokenUse: 'access', ...allowHttp }];
  }

  /** Tells `fn` whose tokens to accept. The keys to verify them are public, so there is nothing to allow. */
  grantVerify(fn: ServiceFunction): void {
    fn.setEnvironment('tokenIssuers', Stack.of(this).toJsonString(this.#accepted));
    fn.setEnvironment('allowQueryToken', String(this.#allowQueryToken));
  }
}

/** Whoever can change what comes over plain HTTP can give the chat keys of their own, and be any user. */
function requireTls({ issuer, jwksUri }: GivenIssuer): void {
  const sentence =
    'must be an https URL: without TLS, anybody on the way could change the keys that tokens are judged by.';
  if (!isHttps(issuer)) throw new Error(`The issuer ${issuer} ${sentence}`);
  if (jwksUri !== undefined && !isHttps(jwksUri)) throw new Error(`The key set ${jwksUri} ${sentence}`);
}

/** What is known only after the deployment is judged by the functions. */
function isHttps(url: string): boolean {
  return Token.isUnresolved(url) || /^https:\/\//i.test(url);
}

function createUserPool(scope: Construct, removeData: boolean): UserPool {
  const pool = new UserPool(scope, 'UserPool', {
    // Whoever runs the chat creates its users; turn this on for a public chat.
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
  acknowledge(pool, 'Whoever operates the chat decides whether its users need a second factor.', 'AwsSolutions-COG2');
  acknowledge(
    pool,
    'The Plus plan costs money per user and protects sign-in pages. This user pool has none.',
    'AwsSolutions-COG8',
  );
  return pool;
}

function createClient(pool: UserPool): UserPoolClient {
  return pool.addClient('Client', {
    // Neither a browser nor a command line can keep a secret.
    generateSecret: false,
    authFlows: { userSrp: true, userPassword: true, adminUserPassword: true },
    // No hosted pages, so no redirect can be wrong.
    disableOAuth: true,
    preventUserExistenceErrors: true,
  });
}
