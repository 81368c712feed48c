/** What another CDK app sees: the chat as a construct, the stack that is one, and their types. */
export { Chat, type ChatProps } from './chat.ts';
export { ChatStack, type ChatStackProps } from './chat-stack.ts';
export type { Bundle, Bundles, ChatCode, FunctionName } from './code.ts';
export type { EntryListener } from './constructs/entry-listener.ts';
export type { GivenIssuer } from './constructs/token-issuers.ts';
export type { EmulatorProps } from './local-differences.ts';
export { readSettings, type Settings } from './settings.ts';
