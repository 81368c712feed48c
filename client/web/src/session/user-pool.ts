/** The fields of Cognito's answers that are used here. */
interface AuthenticationResult {
  readonly AccessToken?: string;
  readonly RefreshToken?: string;
  readonly ExpiresIn?: number;
}
interface AuthAnswer {
  readonly AuthenticationResult?: AuthenticationResult;
  readonly ChallengeName?: string;
  readonly Session?: string;
  readonly ChallengeParameters?: Readonly<Record<string, string>>;
}

export interface PoolTokens {
  readonly accessToken: string;
  /** Absent after a refresh: the refresh token that was used stays valid. */
  readonly refreshToken?: string;
  readonly expiresAt: number;
}

export type SignInOutcome =
  | { readonly kind: 'tokens'; readonly tokens: PoolTokens }
  /** The first sign-in with a password that somebody else chose. */
  | { readonly kind: 'new-password'; complete(password: string): Promise<SignInOutcome> };

/** A refusal by Cognito, with its name and its sentence. */
export class UserPoolError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The calls to Cognito's API that signing in needs. Plain `fetch` does: they take no credentials. */
export class UserPool {
  readonly #endpoint: string;
  readonly #clientId: string;

  constructor({ endpoint, clientId }: { endpoint: string; clientId: string }) {
    this.#endpoint = endpoint;
    this.#clientId = clientId;
  }

  /** @throws UserPoolError if it is refused */
  async signIn(username: string, password: string): Promise<SignInOutcome> {
    const parameters = { USERNAME: username, PASSWORD: password };
    return this.#outcome(await this.#initiate('USER_PASSWORD_AUTH', parameters), username);
  }

  /** Gives new tokens for a refresh token. @throws UserPoolError if that is no longer valid */
  async refresh(refreshToken: string): Promise<PoolTokens> {
    return tokensOf(await this.#initiate('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: refreshToken }));
  }

  /** Ends a refresh token and the tokens that were made with it. */
  async revoke(refreshToken: string): Promise<void> {
    await this.#call('RevokeToken', { ClientId: this.#clientId, Token: refreshToken });
  }

  #initiate(flow: string, parameters: Record<string, string>): Promise<AuthAnswer> {
    return this.#call('InitiateAuth', { AuthFlow: flow, ClientId: this.#clientId, AuthParameters: parameters });
  }

  #outcome(answer: AuthAnswer, username: string): SignInOutcome {
    if (answer.AuthenticationResult) return { kind: 'tokens', tokens: tokensOf(answer) };
    if (answer.ChallengeName !== 'NEW_PASSWORD_REQUIRED') {
      throw new UserPoolError('Challenge', `Signing in asks for ${answer.ChallengeName}, which this app cannot do.`);
    }
    return {
      kind: 'new-password',
      complete: async (password) => {
        const USERNAME = answer.ChallengeParameters?.USER_ID_FOR_SRP ?? username;
        const completed = await this.#call('RespondToAuthChallenge', {
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          ClientId: this.#clientId,
          Session: answer.Session,
          ChallengeResponses: { USERNAME, NEW_PASSWORD: password },
        });
        return this.#outcome(completed, username);
      },
    };
  }

  async #call(operation: string, input: object): Promise<AuthAnswer> {
    const response = await fetch(this.#endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify(input),
    });
    const answer = (await response.json().catch(() => ({}))) as AuthAnswer & { __type?: string; message?: string };
    if (response.ok) return answer;
    throw new UserPoolError(
      answer.__type?.split('#').at(-1) ?? String(response.status),
      answer.message ?? 'No reason was given.',
    );
  }
}

function tokensOf({ AuthenticationResult: result }: AuthAnswer): PoolTokens {
  if (!result?.AccessToken) throw new UserPoolError('NoToken', 'The user pool gave no token.');
  const expiresAt = Date.now() + (result.ExpiresIn ?? 0) * 1000;
  const { AccessToken: accessToken, RefreshToken: refreshToken } = result;
  return { accessToken, expiresAt, ...(refreshToken && { refreshToken }) };
}
