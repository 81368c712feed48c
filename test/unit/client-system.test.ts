import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock, systemLifecycle } from '../../client/src/platform/system.ts';

/** A document that may be hidden. */
class Page extends EventTarget {
  visibilityState = 'visible';
}

/** A browser's window, document and network as globals. */
function browser() {
  const [windowEvents, document, connection] = [new EventTarget(), new Page(), new EventTarget()];
  const navigator = { onLine: true, connection };
  vi.stubGlobal('document', document);
  vi.stubGlobal('navigator', navigator);
  vi.stubGlobal('addEventListener', windowEvents.addEventListener.bind(windowEvents));
  vi.stubGlobal('removeEventListener', windowEvents.removeEventListener.bind(windowEvents));
  const heard: string[] = [];
  const off = systemLifecycle.on((event) => heard.push(event));
  const happens = (target: EventTarget, type: string) => target.dispatchEvent(new Event(type));
  return { windowEvents, document, connection, navigator, heard, off, happens };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('a browser', () => {
  it('tells of its network and of the page, until nobody listens any more', () => {
    const { windowEvents, document, connection, heard, off, happens } = browser();
    const all = () => {
      for (const type of ['online', 'offline', 'pageshow', 'pagehide']) happens(windowEvents, type);
      happens(document, 'visibilitychange');
      document.visibilityState = 'hidden';
      happens(document, 'visibilitychange');
      happens(connection, 'change');
    };
    all();
    expect(heard).toEqual(['online', 'offline', 'visible', 'hidden', 'visible', 'hidden', 'online']);
    off();
    all();
    expect(heard).toHaveLength(7);
  });

  it('says whether it is online and visible; a change of network without one is no news', () => {
    const { connection, document, heard, navigator, happens } = browser();
    expect([systemLifecycle.online, systemLifecycle.visible]).toEqual([true, true]);
    navigator.onLine = false;
    document.visibilityState = 'hidden';
    expect([systemLifecycle.online, systemLifecycle.visible]).toEqual([false, false]);
    happens(connection, 'change');
    expect(heard).toEqual([]);
  });

  it('may not tell of changes of network at all', () => {
    vi.stubGlobal('document', new Page());
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('removeEventListener', undefined);
    for (const navigator of [undefined, {}, { connection: {} }]) {
      vi.stubGlobal('navigator', navigator);
      expect(systemLifecycle.on(() => undefined)).not.toThrow();
    }
  });
});

it('without a browser all is online and visible, and nothing happens', () => {
  vi.stubGlobal('navigator', undefined);
  expect([systemLifecycle.online, systemLifecycle.visible]).toEqual([true, true]);
  expect(systemLifecycle.on(() => undefined)).not.toThrow();
});

it('a timer may be set for months: the platform would run it at once', () => {
  const set = vi.spyOn(globalThis, 'setTimeout');
  for (const ms of [1_000, 2 ** 31]) systemClock.setTimeout(() => undefined, ms)();
  expect(set.mock.calls.map(([, ms]) => ms)).toEqual([1_000, 2 ** 31 - 1]);
});
