import type { Client } from 'aedes';
import type { CommandRow } from '../store/schema.ts';
import { internalsOf } from './aedes-internals.ts';
import type { Sessions } from './sessions.ts';
import { mayReceive } from './topic-rules.ts';

/** A connection that listens for a command. */
export interface Listener {
  readonly client: Client;
  /** What it subscribed with, 1 at most: a command is sent at least once anyway. */
  readonly qos: 0 | 1;
}

/** The newest connection of the command's principal that has subscribed to its topic and still may. */
export function findListener(
  sessions: Sessions,
  { principal, topic }: Pick<CommandRow, 'principal' | 'topic'>,
): Listener | undefined {
  if (principal === null) return undefined;
  for (const { client, filters, principal: subject } of sessions.ofPrincipal(principal).reverse()) {
    if (!client.connected || client.closed) continue;
    if (subject.revokedAtMs !== null || !mayReceive(subject, topic)) continue;
    const { subscriptions } = internalsOf(client);
    const granted = [...filters]
      .filter((filter) => matchesFilter(filter, topic))
      .flatMap((filter) => subscriptions[filter]?.qos ?? []);
    if (granted.length > 0) return { client, qos: Math.max(...granted) > 0 ? 1 : 0 };
  }
  return undefined;
}

/** A filter without `#`, as filters for commands are. */
function matchesFilter(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const parts = filter.split('/');
  return (
    parts.length === levels.length &&
    parts.every((part, index) => part === '+' || part === levels[index])
  );
}
