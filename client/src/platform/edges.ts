/** Time, so that tests can move it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once after so many milliseconds; returns its undo. */
  setTimeout(run: () => void, ms: number): () => void;
}

/** A handler as sockets keep it: the browser's `WebSocket` and `ws` both fit. */
type Handler = ((event: never) => void) | null;

/** What the client needs of a WebSocket. Handlers are assigned in the turn in which the factory's promise resolves. */
export interface ChatSocket {
  onopen: Handler;
  onmessage: Handler;
  onclose: Handler;
  onerror: Handler;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketFactory = (url: string, protocols: string[]) => ChatSocket | Promise<ChatSocket>;

export type LifecycleEvent = 'online' | 'offline' | 'visible' | 'hidden';

/** What the surroundings tell: whether there is a network, and whether someone is looking. */
export interface Lifecycle {
  readonly online: boolean;
  readonly visible: boolean;
  on(listener: (event: LifecycleEvent) => void): () => void;
}
