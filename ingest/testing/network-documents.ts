import { CHIRPSTACK_EUI, THINGS_STACK_EUI } from './town-story.ts';

/** A frame of a radio sensor as a network server heard it. */
export interface HeardFrame {
  readonly counter: number;
  readonly distanceMm: number;
  readonly heardAtMs: number;
  /** Other ports than the model's are refused. */
  readonly port?: number | undefined;
  /** Documents of one frame may differ in what surrounds it. */
  readonly variant?: number;
}

interface NetworkDocument {
  readonly topic: string;
  readonly payload: object;
}

/** A ChirpStack v4 event around `04 82` (distance, mm), as an EM400-MUD sends it on port 85. */
export function chirpStackUp(frame: HeardFrame): NetworkDocument {
  const { counter, distanceMm, heardAtMs, port = 85, variant = 0 } = frame;
  const data = Buffer.from([0x04, 0x82, distanceMm & 0xff, distanceMm >> 8]).toString('base64');
  return {
    topic: `application/5b1b8c5e-0000-4000-8000-000000000001/device/${CHIRPSTACK_EUI}/event/up`,
    payload: {
      deduplicationId: `0000000${variant}-0000-4000-8000-${String(counter).padStart(12, '0')}`,
      time: new Date(heardAtMs).toISOString(),
      deviceInfo: {
        devEui: CHIRPSTACK_EUI,
        deviceName: 'em400',
        deviceProfileName: 'EM400-MUD',
      },
      devAddr: '0189abcd',
      adr: true,
      dr: 5,
      fCnt: counter,
      fPort: port,
      confirmed: false,
      data,
    },
  };
}

/** A document of The Things Stack v3 around a frame of a Dingtek DF702, which only the document names. */
export function thingsStackUp(frame: HeardFrame): NetworkDocument {
  const { counter, distanceMm, heardAtMs, port = 3, variant = 0 } = frame;
  const bytes = Buffer.from('8000011100000000190000000000000081', 'hex');
  bytes.set([0x01, 17], 3);
  bytes.writeUInt16BE(distanceMm, 5);
  const heardAt = new Date(heardAtMs).toISOString();
  return {
    topic: 'v3/bins@ttn/devices/a-name/up',
    payload: {
      end_device_ids: { device_id: 'a-name', dev_eui: THINGS_STACK_EUI.toUpperCase() },
      correlation_ids: [`variant ${variant}`],
      received_at: new Date(heardAtMs + 200).toISOString(),
      uplink_message: {
        session_key_id: 'AYfZ3w==',
        f_port: port,
        ...(counter === 0 ? {} : { f_cnt: counter }),
        frm_payload: bytes.toString('base64'),
        received_at: heardAt,
        version_ids: { brand_id: 'dingtek', model_id: variant === 0 ? 'df702' : 'df703' },
      },
    },
  };
}
