import { z } from 'zod';
import { parseDeviceId } from '../../domain/ids.ts';
import { checkShape } from './check-shape.ts';
import { hasKeys } from './message.ts';
import type { EnvelopeReader, JsonMessage } from './message.ts';
import { toFillPercent } from './scale-values.ts';
import { refuse } from './uplink.ts';
import type { ReadResult } from './uplink.ts';

/** The only kind of device of theirs that says how full something is. */
const BIN = 'SMARTCLEAN#BIN';

/** The range of `Date` (ECMA-262, 21.4.1.1), s. */
const LAST_TIME_S = 8.64e12;

const Document = z.object({
  DEVID: z.string(),
  DevType: z.string(),
  /** Seconds since 1970. `time` says the same with a zone without its colon, which is no RFC 3339. */
  unixT: z.number().nullish(),
  v: z.object({
    /** Percent of the bin that is EMPTY. */
    p: z.number().nullish(),
    /** Distance from the sensor, mm. */
    d: z.number().nullish(),
  }),
});

/** SmartClean's bin sensor. The scale is fixed by its own document, and turned round: `p` is the room left. */
export const SMARTCLEAN: EnvelopeReader = {
  content: 'json',
  fits: (document) => hasKeys(document, 'DEVID', 'DevType', 'v'),
  read: readSmartClean,
};

function readSmartClean({ document }: JsonMessage): ReadResult {
  const shape = checkShape(Document, document);
  if (!shape.ok) return shape;
  const { DEVID, DevType, unixT, v } = shape.value;
  const deviceId = parseDeviceId(DEVID);
  if (deviceId === undefined) return refuse('bad-id', `DEVID: ${DEVID}`);
  if (DevType !== BIN) {
    return refuse('unknown-format', `DevType: expected ${BIN}, got ${DevType}`, deviceId);
  }
  if (typeof unixT === 'number' && Math.abs(unixT) > LAST_TIME_S) {
    return refuse('clock', `unixT: ${unixT} is beyond the end of time`, deviceId);
  }
  const emptyPercent = v.p ?? undefined;
  const distanceMm = v.d ?? undefined;
  if (emptyPercent === undefined && distanceMm === undefined) {
    return refuse('no-level', 'there is neither v.p nor v.d', deviceId);
  }
  return {
    ok: true,
    uplink: {
      envelope: 'smartclean',
      kind: 'reading',
      deviceId,
      identity: undefined,
      observedAtMs: typeof unixT === 'number' ? Math.round(unixT * 1000) : undefined,
      fPort: undefined,
      payload: undefined,
      modelHint: undefined,
      measurements: [
        {
          ...(distanceMm !== undefined && { distanceMm }),
          ...(emptyPercent !== undefined && {
            fillPercent: toFillPercent(emptyPercent, 'remaining-percent'),
          }),
        },
      ],
    },
  };
}
