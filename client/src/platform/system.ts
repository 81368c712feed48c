import type { ChatSocket, Clock, Lifecycle, Locks, SocketFactory } from './edges.ts';

/** The few things of a browser that are used; all may be missing. */
interface EventSource {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}
interface Surroundings extends EventSource {
  WebSocket?: new (url: string, protocols: string[]) => ChatSocket;
  navigator?: { onLine?: boolean; connection?: EventSource; locks?: Locks };
  document?: {
    visibilityState: string;
    addEventListener(type: string, listener: () => void): void;
    removeEventListener(type: string, listener: () => void): void;
  };
}

const surroundings = globalThis as Surroundings;

/** A timer beyond 2^31 ms fires at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** The platform's clock and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(run, ms) {
    const timer = setTimeout(run, Math.min(ms, TIMER_MAX_MS));
    return () => clearTimeout(timer);
  },
};

/** The platform's WebSocket; Node 20 and 21 have none, so a small one is loaded there, and only there. */
export const openSocket: SocketFactory = async (url, protocols) => {
  if (surroundings.WebSocket) return new surroundings.WebSocket(url, protocols);
  const { openNodeSocket } = await import('./node-socket.ts');
  return openNodeSocket(url, protocols);
};

/**
 * The browser's online, offline, visibilitychange, pagehide and pageshow (back from the page cache), and the change from one
 * network to another where it tells of that; elsewhere always online and visible.
 */
export const systemLifecycle: Lifecycle = {
  get online() {
    return surroundings.navigator?.onLine !== false;
  },
  get visible() {
    return surroundings.document?.visibilityState !== 'hidden';
  },
  on(listener) {
    const { document } = surroundings;
    if (!document || !surroundings.addEventListener) return () => {};
    const listeners: Record<string, () => void> = {
      online: () => listener('online'),
      offline: () => listener('offline'),
      pageshow: () => listener('visible'),
      pagehide: () => listener('hidden'),
    };
    const seen = () => listener(document.visibilityState === 'hidden' ? 'hidden' : 'visible');
    for (const [type, run] of Object.entries(listeners)) surroundings.addEventListener(type, run);
    document.addEventListener('visibilitychange', seen);
    // From Wi-Fi to mobile there is no moment offline, and yet every socket is dead.
    const changed = () => surroundings.navigator?.onLine !== false && listener('online');
    const { connection } = surroundings.navigator ?? {};
    connection?.addEventListener?.('change', changed);
    return () => {
      connection?.removeEventListener?.('change', changed);
      for (const [type, run] of Object.entries(listeners)) surroundings.removeEventListener?.(type, run);
      document.removeEventListener('visibilitychange', seen);
    };
  },
};

/**
 * The browser's locks. Node's are within one process, where clients share no outbox unless they are given the same one.
 */
export function systemLocks(): Locks | undefined {
  return surroundings.document ? surroundings.navigator?.locks : undefined;
}

/**
 * 128 random bits as hex. Not `randomUUID`, which plain-http pages lack. React Native has no `crypto` of its own: there
 * `Math.random` does, as an id need only differ from this user's other ones, and is no secret.
 */
export function randomId(): string {
  const bytes = new Uint8Array(16).map(() => Math.floor(Math.random() * 256));
  const { crypto } = globalThis as { crypto?: { getRandomValues?(array: Uint8Array): unknown } };
  crypto?.getRandomValues?.(bytes);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
