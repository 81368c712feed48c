export { useConnection, useConversation, useMessages, usePresence, useTyping } from './react/hooks.ts';
