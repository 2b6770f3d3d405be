import { vi } from 'vitest';

/**
 * The events by which a browser tells a page that the computer went off the net or came back. Node's global object has
 * none, so it gets `addEventListener` here; `vi.unstubAllGlobals` takes it away again.
 */
export function standInLine(): { goOffline(): void; comeOnline(): void } {
  const target = new EventTarget();
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
  vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target));
  return {
    goOffline: () => void target.dispatchEvent(new Event('offline')),
    comeOnline: () => void target.dispatchEvent(new Event('online')),
  };
}
