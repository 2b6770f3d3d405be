import type { DeviceId } from '../../domain/ids.ts';
import type { Source } from '../sources/source.ts';
import type { ReadResult } from './uplink.ts';

/** A message and what is known of how it came, before anybody has looked into it. */
export interface Message {
  readonly topic: string;
  readonly bytes: Uint8Array;
  /** When a door took it in, ms since 1970: what "now" means in a message with relative times. */
  readonly receivedAtMs: number | undefined;
  /** The source that it belongs to; `undefined` when no source claims it. */
  readonly source: Source | undefined;
}

/** A message whose bytes were JSON. */
export interface JsonMessage extends Message {
  readonly document: unknown;
}

/** What every form of messages says of itself. */
interface Form {
  /** Whether a topic, by its levels, is this form's and nobody else's but in another version. */
  readonly ownsTopic?: (levels: readonly string[]) => boolean;
  /** Whether a document can only be of this form, whatever its topic. */
  readonly fits?: (document: unknown) => boolean;
  /** The device that the topic names, so that even a message nobody can read is filed under it. */
  readonly findTopicDevice?: (message: Message) => DeviceId | undefined;
}

/** Reads the messages of one form. Never throws: what is wrong becomes a refusal with a named reason. */
export type EnvelopeReader =
  | (Form & { readonly content: 'json'; readonly read: (message: JsonMessage) => ReadResult })
  | (Form & { readonly content: 'bytes'; readonly read: (message: Message) => ReadResult });

/** Whether a document is an object that has all of these fields. */
export function hasKeys(value: unknown, ...keys: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return keys.every((key) => Object.hasOwn(value, key));
}
