import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';

/** What the map tells the things around it. */
export interface MapStatus {
  /** Where the pointed-at bin is, in pixels of the map's box. */
  readonly hoverPlace: Signal<{ readonly x: number; readonly y: number }>;
  /** The pointer is on a bin of the map itself, not of the list. */
  readonly isHovering: Signal<boolean>;
  readonly tilesFailing: Signal<boolean>;
}

export function createMapStatus(): MapStatus {
  return {
    hoverPlace: signal({ x: 0, y: 0 }),
    isHovering: signal(false),
    tilesFailing: signal(false),
  };
}
