import type { Target } from '../../scripts/emulator/aws-environment.ts';
import type { Outputs } from '../../scripts/emulator/deploy.ts';
import type { Issuer } from '../../scripts/web/issuer.ts';

/** The stack that was deployed for the tests, and everything that a test needs to use it from outside. */
export interface DeployedStack extends Target {
  readonly webSocketUrl: string;
  readonly managementUrl: string;
  /** The address of the test client and of `/token`. */
  readonly webUrl: string;
  readonly outputs: Outputs;
  /** The issuer with its private key, with which tests mint and forge tokens. */
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
