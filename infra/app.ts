import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { bundleFunctions } from './bundle.ts';
import { ChatStack } from './chat-stack.ts';
import { readSettings } from './settings.ts';

const app = new App();
new ChatStack(app, { settings: readSettings(app.node, process.env), bundles: bundleFunctions() });
Validations.of(app).addPlugins(new AwsSolutionsChecks(), new ServerlessChecks());
