import type { Target } from '../../scripts/emulator/aws-environment.ts';
import type { Outputs } from '../../scripts/emulator/deploy.ts';
import type { Issuer } from '../../scripts/web/issuer.ts';

/** The stack as deployed for the tests, and everything a test needs to use it from outside. */
export interface DeployedStack extends Target {
  readonly webSocketUrl: string;
  readonly managementUrl: string;
  /** Where the test client is served, and `/token`. */
  readonly webUrl: string;
  readonly outputs: Outputs;
  /** With its private key: tests mint tokens, and forge them. */
  readonly issuer: Issuer;
  /** What the emulator and the functions print. */
  readonly emulatorLog: string;
}

/** How to start a browser. */
export interface BrowserLaunch {
  readonly executablePath?: string;
  readonly channel?: string;
  readonly env?: Readonly<Record<string, string>>;
}

declare module 'vitest' {
  interface ProvidedContext {
    emulator: Target;
    stack: DeployedStack;
    browser: BrowserLaunch;
  }
}
