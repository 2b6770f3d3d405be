import { expect, it } from 'vitest';
import { cutShort, decodeHex } from '../testing/decode-hex.ts';

const FRAME = '3200803e2060';

it.each([...cutShort(FRAME), FRAME, `${FRAME}00`])(
  'refuses the Noah frame "%s", whose level may be a fill or the empty space',
  (hex) => {
    expect(decodeHex('noah/trashbin-sensor', hex, 1)).toEqual({
      ok: false,
      reason: expect.stringContaining('the fill or the empty space'),
    });
  },
);
