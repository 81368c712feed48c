/** Every handler, by the name of its file under `functions/`. */
export const FUNCTION_NAMES = [
  'authorize',
  'connect',
  'disconnect',
  'send-message',
  'join',
  'leave',
  'typing',
  'command',
  'publish-events',
  'broadcast',
  'connection-changes',
  'settle-presence',
] as const;

/** One of the handlers. */
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** One function's code, ready to be uploaded. */
export interface Bundle {
  /** Folder that holds `index.mjs` and nothing else. */
  readonly directory: string;
}

/** The bundles by function. */
export type Bundles = Readonly<Record<FunctionName, Bundle>>;

/** The code that a chat is deployed with. */
export interface ChatCode {
  readonly bundles: Bundles;
  /** Folder with the built web app; needed only where the web app is deployed too. */
  readonly webApp?: string;
}
