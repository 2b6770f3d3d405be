import { BINTEL_V2 } from './bintel.ts';
import { CHIRPSTACK_V3 } from './chirpstack-v3.ts';
import { CHIRPSTACK_V4 } from './chirpstack.ts';
import { DRAGINO_NB_JSON } from './dragino-nb-json.ts';
import type { EnvelopeName } from './envelope-names.ts';
import { FIWARE_JSON } from './fiware-json.ts';
import { FIWARE_ULTRALIGHT } from './fiware-ultralight.ts';
import { LORIOT } from './loriot.ts';
import { LWM2M_3435 } from './lwm2m-3435.ts';
import type { EnvelopeReader } from './message.ts';
import { MILESIGHT_GATEWAY } from './milesight-gateway.ts';
import { TUNNA_JSON } from './own-json.ts';
import { SENML } from './senml.ts';
import { SMARTCLEAN } from './smartclean.ts';
import { TASMOTA } from './tasmota.ts';
import { TTN_V3 } from './the-things-stack.ts';
import { THINGPARK } from './thingpark.ts';
import { DTU_UPLINK } from '../history/dtu-uplink.ts';
import { IMPORTED_ROW } from '../history/imported-row.ts';

/**
 * Who reads which form. Where no source says the form, the first reader whose topic or document it can only be takes the
 * message: so what is more particular stands before what is more general.
 */
export const READERS = {
  'tunna-json': TUNNA_JSON,
  'ttn-v3': TTN_V3,
  'chirpstack-v4': CHIRPSTACK_V4,
  'milesight-gateway': MILESIGHT_GATEWAY,
  'chirpstack-v3': CHIRPSTACK_V3,
  loriot: LORIOT,
  thingpark: THINGPARK,
  tasmota: TASMOTA,
  'fiware-ultralight': FIWARE_ULTRALIGHT,
  'fiware-json': FIWARE_JSON,
  'bintel-v2': BINTEL_V2,
  'lwm2m-3435': LWM2M_3435,
  senml: SENML,
  'dragino-nb-json': DRAGINO_NB_JSON,
  smartclean: SMARTCLEAN,
  'imported-row': IMPORTED_ROW,
  'dtu-uplink': DTU_UPLINK,
} as const satisfies Record<EnvelopeName, EnvelopeReader>;
