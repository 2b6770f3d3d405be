import type { EnvelopeName } from '../envelopes/envelope-names.ts';
import type { Source } from './source.ts';
import { matchesFilter } from '../../domain/topic-match.ts';

/** The door of the webhooks; its topics are `uplinks/{source}` and `uplinks/{source}/{event}`. */
export const WEBHOOK_DOOR = 'webhooks';

/**
 * Forms that a webhook may be named after without any configuration: their documents say which device they are of, and leave
 * no number open to guessing.
 */
export const WEBHOOK_ENVELOPES = [
  'ttn-v3',
  'chirpstack-v4',
  'chirpstack-v3',
  'loriot',
  'thingpark',
  'milesight-gateway',
] as const satisfies readonly EnvelopeName[];

/** How a message came. */
export interface Delivery {
  readonly topic: string;
  readonly door?: string;
}

/**
 * The source a message belongs to: by its door (a client of another broker has one of its own), by the name in a webhook's
 * topic, or, at our own broker, by the first source with a matching topic filter. A configured source goes before a form of
 * the same name.
 */
export function findSource(
  { topic, door }: Delivery,
  sources: readonly Source[],
): Source | undefined {
  if (door?.startsWith('source-')) {
    const name = door.slice('source-'.length);
    return sources.find((source) => source.name === name);
  }
  if (door === WEBHOOK_DOOR) return findWebhookSource(topic, sources);
  return sources.find((source) => source.topics?.some((filter) => matchesFilter(filter, topic)));
}

function findWebhookSource(topic: string, sources: readonly Source[]): Source | undefined {
  const [first, name] = topic.split('/');
  if (first !== 'uplinks') return undefined;
  const configured = sources.find((source) => source.name === name);
  if (configured !== undefined) return configured;
  const envelope = WEBHOOK_ENVELOPES.find((one) => one === name);
  return envelope === undefined ? undefined : { name: envelope, envelope };
}

/** What follows the source in a webhook's topic, such as ChirpStack's `up`; `undefined` under every other topic. */
export function findWebhookEvent(topic: string): string | undefined {
  const [first, name, ...rest] = topic.split('/');
  if (first !== 'uplinks' || name === undefined || rest.length === 0) return undefined;
  return rest.join('/');
}
