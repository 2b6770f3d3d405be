import type { Codec } from './codec.ts';
import { LEVEL_SENSOR_CODECS } from './dingtek/level-sensors.ts';
import { PERCENT_SENSOR_CODECS } from './dingtek/percent-sensors.ts';
import { VOLTAGE_SENSOR_CODECS } from './dingtek/voltage-sensors.ts';

/** Dingtek's sensors for waste bins, manholes, tanks and dispensers. */
export const DINGTEK_CODECS: readonly Codec[] = [
  ...LEVEL_SENSOR_CODECS,
  ...VOLTAGE_SENSOR_CODECS,
  ...PERCENT_SENSOR_CODECS,
];
