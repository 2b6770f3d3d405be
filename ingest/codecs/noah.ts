import { aliasesOf } from './aliases.ts';
import { refuse } from './codec.ts';
import type { Codec } from './codec.ts';

/**
 * Noah's trash-bin sensor, whose frames are refused altogether. Published are six bytes (two 16-bit fractions
 * and a 16-bit number, least significant byte first) and one example, which its maker describes as "4 % remaining",
 * 0 °C and 1.3 V, and decodes as level 4.77, temperature 0.00026 and voltage 13060. Whether the level is what is in
 * the bin or what is left of it cannot be told, and the one would be the other's opposite.
 */
export const NOAH_CODECS: readonly Codec[] = [
  {
    model: 'noah/trashbin-sensor',
    name: 'Noah Trashbin Sensor',
    maker: 'Noah',
    source: 'TheThingsNetwork/lorawan-devices vendor/noah/trashbin-sensor-codec.yaml',
    evidence: 'layout',
    aliases: aliasesOf(['noah'], ['trashbin-sensor']),
    decode: () =>
      refuse(
        'the published layout contradicts itself: its level may be the fill or the empty space',
      ),
  },
];
