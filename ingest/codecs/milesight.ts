import type { Codec } from './codec.ts';
import { EM310_TILT } from './milesight/em310-tilt.ts';
import { EM400_NB_CODECS } from './milesight/em400-nb.ts';
import { EM400_CODECS } from './milesight/em400.ts';
import { EM410_RDL } from './milesight/em410-rdl.ts';
import { EM500_UDL } from './milesight/em500-udl.ts';
import { WS201 } from './milesight/ws201.ts';

/** Milesight's sensors for bins and tanks, and the tilt sensor for their lids. */
export const MILESIGHT_CODECS: readonly Codec[] = [
  ...EM400_CODECS,
  EM410_RDL,
  EM500_UDL,
  WS201,
  EM310_TILT,
  ...EM400_NB_CODECS,
];
