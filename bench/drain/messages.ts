/** Sensors of a run. */
export const TOWN_SIZE = 1000;

/** What a door took in. */
export interface DoorMessage {
  readonly topic: string;
  readonly payload: Buffer;
}

/** A form of message that a run may be about. */
export interface Form {
  readonly title: string;
  /** Model to register the sensors as. */
  readonly model: string | null;
  readonly nameDevice: (index: number) => string;
  /** The message with a number, of the sensor whose turn it is. */
  readonly write: (count: number, atMs: number) => DoorMessage;
}

const FIRST_EUI = 0x24e124713c140000n;

function eui(index: number): string {
  return (FIRST_EUI + BigInt(index)).toString(16).padStart(16, '0');
}

function writeOwnJson(count: number, atMs: number): DoorMessage {
  const level = `"fillPercent":${count % 100},"temperatureC":${(count % 30) / 2},"batteryPercent":87`;
  const payload = `{"boot":"m3x81k2a","seq":${count},"observedAt":${atMs},${level},"tilted":false}`;
  return { topic: `bins/dev-${count % TOWN_SIZE}/up`, payload: Buffer.from(payload) };
}

/** `01 75` battery, `03 67` temperature, `04 82` distance, `05 00` position: a whole frame of an EM400-MUD. */
function writeFrame(count: number): Buffer {
  const frame = Buffer.from('017564036718010482c201050000', 'hex');
  frame.writeUInt16LE(200 + (count % 1000), 9);
  return frame;
}

/** A document as The Things Stack v3 publishes it for one gateway (its documentation, "Data Formats"). */
function writeThingsStack(count: number, atMs: number): DoorMessage {
  const index = count % TOWN_SIZE;
  const at = new Date(atMs).toISOString();
  const name = `bin-sensor-${index}`;
  const document = {
    end_device_ids: {
      device_id: name,
      application_ids: { application_id: 'town' },
      dev_eui: eui(index).toUpperCase(),
      join_eui: '24E124C0002A0001',
      dev_addr: '260B1234',
    },
    correlation_ids: ['gs:uplink:01HQ9Y1ZK3V6N8S2T4W5X7Y9ZA'],
    received_at: at,
    uplink_message: {
      session_key_id: 'AYfg8rhha5n+FWx0ZaAprA==',
      f_port: 85,
      f_cnt: Math.floor(count / TOWN_SIZE),
      frm_payload: writeFrame(count).toString('base64'),
      decoded_payload: { battery: 100, distance: 450, position: 'normal', temperature: 28 },
      rx_metadata: [
        {
          gateway_ids: { gateway_id: 'roof', eui: 'B827EBFFFE000001' },
          time: at,
          timestamp: 2_463_457_000,
          rssi: -97,
          channel_rssi: -97,
          snr: 9.2,
          location: {
            latitude: 59.1953,
            longitude: 17.6252,
            altitude: 40,
            source: 'SOURCE_REGISTRY',
          },
          uplink_token: 'ChYKFAoIcm9vZi1ndzESCLgn6//+AAABEOjRkpcJGgwI7pb5sgYQ8bqD0wEgwNPF7djpAQ==',
          channel_index: 3,
          received_at: at,
        },
      ],
      settings: {
        data_rate: { lora: { bandwidth: 125_000, spreading_factor: 7, coding_rate: '4/5' } },
        frequency: '868300000',
        timestamp: 2_463_457_000,
        time: at,
      },
      received_at: at,
      consumed_airtime: '0.061696s',
      version_ids: {
        brand_id: 'milesight-iot',
        model_id: 'em400-mud',
        hardware_version: '1.0',
        firmware_version: '1.0',
        band_id: 'EU_863_870',
      },
      network_ids: { net_id: '000013', tenant_id: 'ttn', cluster_id: 'eu1' },
    },
  };
  const topic = `v3/town@ttn/devices/${name}/up`;
  return { topic, payload: Buffer.from(JSON.stringify(document)) };
}

export const FORMS = {
  own: {
    title: "Tunna's own JSON",
    model: null,
    nameDevice: (index) => `dev-${index}`,
    write: writeOwnJson,
  },
  tts: {
    title: 'The Things Stack v3',
    model: 'milesight/em400-mud',
    nameDevice: eui,
    write: writeThingsStack,
  },
} as const satisfies Record<string, Form>;
