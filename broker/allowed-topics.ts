import type { StoredPrincipal } from '../store/principals.ts';
import { mayPublish } from './topic-rules.ts';

/** Topics remembered per principal: a gateway may speak for many sensors, and could make up any number of topics. */
const MOST_TOPICS = 2_000;

/**
 * Remembers what principals may publish on, since each sensor keeps to one topic. A principal that changes is another object,
 * of which nothing is known yet.
 */
export class AllowedTopics {
  readonly #byPrincipal = new WeakMap<StoredPrincipal, Set<string>>();

  /** Whether the principal may publish on the topic, as {@link mayPublish} says. */
  has(principal: StoredPrincipal, topic: string): boolean {
    const known = this.#byPrincipal.get(principal);
    if (known?.has(topic) === true) return true;
    if (!mayPublish(principal, topic)) return false;
    if (known === undefined) this.#byPrincipal.set(principal, new Set([topic]));
    else {
      if (known.size >= MOST_TOPICS) known.clear();
      known.add(topic);
    }
    return true;
  }
}
