import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { buildWebApp } from '../client/web/build.ts';
import { bundleFunctions } from './bundle.ts';
import { ChatStack } from './chat-stack.ts';
import { readSettings } from './settings.ts';

const app = new App();
const settings = readSettings(app.node, process.env);
const webApp = settings.web ? buildWebApp().directory : undefined;
new ChatStack(app, { settings, code: { bundles: bundleFunctions(), webApp } });
Validations.of(app).addPlugins(new AwsSolutionsChecks(), new ServerlessChecks());
