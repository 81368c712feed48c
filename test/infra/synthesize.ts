import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { vi } from 'vitest';
import { ChatStack } from '../../infra/chat-stack.ts';
import { type Bundles, FUNCTION_NAMES } from '../../infra/code.ts';
import { readSettings } from '../../infra/settings.ts';

// Loading the CDK's constructs takes seconds the first time, and other tests need the CPU meanwhile.
vi.setConfig({ testTimeout: 60_000 });

/** A resource of a template, as far as the tests look at it. */
export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of a hundred shapes, and a wrong path fails the test
  readonly Properties: any;
  readonly DeletionPolicy?: string;
}

const FEATURE_FLAGS: Record<string, unknown> = JSON.parse(await readFile('cdk.json', 'utf8')).context;

/** Bundles of code that does nothing: the template is the same with any code. */
export function emptyBundles(): Bundles {
  const directory = mkdtempSync(join(tmpdir(), 'parley-infra-'));
  writeFileSync(join(directory, 'index.mjs'), 'export const handler = () => {};');
  return Object.fromEntries(FUNCTION_NAMES.map((name) => [name, { directory }])) as Bundles;
}

/** A web app that is an empty page, likewise. */
function webApp(): string {
  const directory = mkdtempSync(join(tmpdir(), 'parley-web-'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Chat</title>');
  return directory;
}

/** Builds the stack as the CLI would with this context and environment. */
export function buildStack(
  context: Record<string, unknown> = {},
  env: Readonly<Record<string, string | undefined>> = {},
): ChatStack {
  const app = new App({ context: { ...FEATURE_FLAGS, ...context } });
  const settings = readSettings(app.node, env);
  return new ChatStack(app, {
    settings,
    code: { bundles: emptyBundles(), webApp: settings.web ? webApp() : undefined },
  });
}

/** A synthesized stack, with the look-ups that the tests need. */
export class Synthesized {
  readonly template: Template;
  readonly resources: Readonly<Record<string, Resource>>;

  constructor(context?: Record<string, unknown>, env?: Readonly<Record<string, string | undefined>>) {
    this.template = Template.fromStack(buildStack(context, env));
    this.resources = this.template.toJSON().Resources;
  }

  /** Resources of a type by logical id. */
  all(type: string): [string, Resource][] {
    return Object.entries(this.resources).filter(([, resource]) => resource.Type === type);
  }

  /** The one resource of a type. */
  only(type: string): [string, Resource] {
    const [found, ...others] = this.all(type);
    if (!found || others.length > 0)
      throw new Error(`There should be one ${type}, not ${others.length + (found ? 1 : 0)}.`);
    return found;
  }

  /** Functions by the name of their handler. */
  functions(): Map<string, Resource & { readonly logicalId: string }> {
    return new Map(
      this.all('AWS::Lambda::Function').map(([logicalId, resource]) => [
        resource.Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME,
        { logicalId, ...resource },
      ]),
    );
  }

  /** What a function's role may do: one entry per action, resource and condition. */
  permissions(name: string): Permission[] {
    const roleId = this.functions().get(name)?.Properties.Role['Fn::GetAtt'][0];
    return this.all('AWS::IAM::Policy')
      .filter(([, policy]) => policy.Properties.Roles.some((role: { Ref: string }) => role.Ref === roleId))
      .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement)
      .flatMap((statement) =>
        [statement.Action].flat().flatMap((action: string) =>
          [statement.Resource].flat().map((resource: unknown) => ({
            action,
            resource: JSON.stringify(resource),
            condition: statement.Condition && JSON.stringify(statement.Condition),
          })),
        ),
      );
  }
}

/** One action that a role may do on one resource. */
export interface Permission {
  readonly action: string;
  /** The resource as JSON of the template. */
  readonly resource: string;
  readonly condition?: string;
}
