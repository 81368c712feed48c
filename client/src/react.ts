export {
  type ConnectionView,
  type MessagesView,
  type TypingView,
  useConnection,
  useConversation,
  useMessages,
  usePresence,
  useTyping,
} from './react/hooks.ts';
