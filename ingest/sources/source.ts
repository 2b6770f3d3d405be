import type { EnvelopeName } from '../envelopes/envelope-names.ts';

/**
 * How fill is written where a source writes it as a number. An operator says so: 0.9 may be an almost full bin or an almost
 * empty one, and nothing in the number tells.
 */
export const PERCENT_SCALES = ['ratio', 'percent', 'remaining-ratio', 'remaining-percent'] as const;
export type PercentScale = (typeof PERCENT_SCALES)[number];

/** A length unit of a decoded value. */
export type LengthUnit = 'mm' | 'cm' | 'm';

/** Where each value stands in a decoded object: a path of names with dots, and the unit where there are several. */
export interface DecodedMapping {
  readonly distance?: { readonly path: string; readonly unit: LengthUnit };
  readonly fill?: { readonly path: string; readonly scale: PercentScale };
  readonly temperatureC?: { readonly path: string };
  readonly batteryPercent?: { readonly path: string };
  readonly batteryVoltage?: { readonly path: string; readonly unit: 'V' | 'mV' };
  /** A truth value, 0 or 1, or one of `tilt`, `tilted`, `normal`. */
  readonly tilted?: { readonly path: string };
}

/**
 * Where messages come from that are not Tunna's own, and how they are to be read. What is not said here is not guessed.
 * A message belongs to a source by its door (`source-{name}`), by the webhook's topic (`uplinks/{name}/...`), or, at our own
 * broker, by the source's topic filters.
 */
export interface Source {
  /** 1 to 24 lower-case letters, digits or hyphens. */
  readonly name: string;
  /** Which form its messages have; absent: the topic or the shape of each tells. */
  readonly envelope?: EnvelopeName;
  /** Of fills that its messages state as numbers. Absent: such a fill is refused, unless the envelope's own document fixes it. */
  readonly percentScale?: PercentScale;
  /** IANA name, for times that are written without a zone. */
  readonly timeZone?: string;
  /** Where the values stand in what the network server has decoded. Used only where there are no bytes that a codec reads. */
  readonly decoded?: DecodedMapping;
  /** Topic filters at our own broker whose messages are this source's. */
  readonly topics?: readonly string[];
  /** What is asked of another broker, where the messages are fetched from one. */
  readonly mqtt?: { readonly topics: readonly { readonly filter: string }[] };
}

/** What Tunna reads without being told. */
export const NO_SOURCES: readonly Source[] = [];
