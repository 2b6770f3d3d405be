import type { Codec } from './codec.ts';
import { DINGTEK_CODECS } from './dingtek.ts';
import { MILESIGHT_CODECS } from './milesight.ts';
import { NETVOX_CODECS } from './netvox.ts';

/** Every model that Tunna can read. */
export const CODECS: readonly Codec[] = [...MILESIGHT_CODECS, ...DINGTEK_CODECS, ...NETVOX_CODECS];

const CODEC_BY_MODEL = new Map(CODECS.map((codec) => [codec.model, codec]));

const CODEC_BY_ALIAS = new Map(
  CODECS.flatMap((codec) => codec.aliases.map((alias) => [alias, codec] as const)),
);

/**
 * Lower case, every other sign than letters and digits a hyphen, maker and model apart: `Pepperl+Fuchs/WILSEN.sonic.level`
 * is `pepperl-fuchs/wilsen-sonic-level`.
 */
export function normaliseAlias(text: string): string {
  return text
    .toLowerCase()
    .split('/')
    .map((part) => part.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, ''))
    .join('/');
}

/** The codec of a model id as registered, such as `milesight/em400-mud`. */
export function findCodec(model: string): Codec | undefined {
  return CODEC_BY_MODEL.get(model);
}

/**
 * The codec for what a network server or a person calls a model, such as `milesight-iot/em400-mud` or
 * `EM400-MUD`. Only whole names match: a profile that merely contains a model's name may be for several.
 */
export function codecForAlias(alias: string): Codec | undefined {
  return CODEC_BY_ALIAS.get(normaliseAlias(alias));
}
