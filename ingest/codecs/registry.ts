import type { Codec } from './codec.ts';
import { ADNEXO_CODECS } from './adnexo.ts';
import { AIUT_CODECS } from './aiut.ts';
import { BRIGHTERBINS_CODECS } from './brighterbins.ts';
import { DECENTLAB_CODECS } from './decentlab.ts';
import { ELSYS_CODECS } from './elsys.ts';
import { ELV_CODECS } from './elv.ts';
import { ENGINKO_CODECS } from './enginko.ts';
import { NOAH_CODECS } from './noah.ts';
import { PEPPERL_FUCHS_CODECS } from './pepperl-fuchs.ts';
import { PIPIOT_CODECS } from './pipiot.ts';
import { RADIO_BRIDGE_CODECS } from './radio-bridge.ts';
import { SENTINUM_CODECS } from './sentinum.ts';
import { TENEO_CODECS } from './teneo.ts';
import { TERABEE_CODECS } from './terabee.ts';
import { VEGA_CODECS } from './vega.ts';
import { YOSENSI_CODECS } from './yosensi.ts';
import { DINGTEK_CODECS } from './dingtek.ts';
import { DRAGINO_CODECS } from './dragino.ts';
import { MILESIGHT_CODECS } from './milesight.ts';
import { NETVOX_CODECS } from './netvox.ts';

/** Every model that Tunna can read. */
export const CODECS: readonly Codec[] = [
  ...MILESIGHT_CODECS,
  ...DINGTEK_CODECS,
  ...NETVOX_CODECS,
  ...DRAGINO_CODECS,
  ...ADNEXO_CODECS,
  ...AIUT_CODECS,
  ...BRIGHTERBINS_CODECS,
  ...DECENTLAB_CODECS,
  ...ELSYS_CODECS,
  ...ELV_CODECS,
  ...ENGINKO_CODECS,
  ...NOAH_CODECS,
  ...PEPPERL_FUCHS_CODECS,
  ...PIPIOT_CODECS,
  ...RADIO_BRIDGE_CODECS,
  ...SENTINUM_CODECS,
  ...TENEO_CODECS,
  ...TERABEE_CODECS,
  ...VEGA_CODECS,
  ...YOSENSI_CODECS,
];

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
