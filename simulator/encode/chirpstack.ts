import { mixHash, hashText } from '../random.ts';
import type { TownSensor } from '../town-sensor.ts';
import type { RadioPayload } from './radio-payload.ts';
import { bytesFrom, radioSession } from './radio-session.ts';
import type { Frame, Uplink } from './uplink.ts';

const TENANT_ID = '3d6f0b52-7c1e-4d5a-9b1f-0254756e6e61';
const APPLICATION_ID = '8a1c9e04-52b7-4f6e-8d3a-0254756e6e61';
const PROFILE_ID = 'c47e2d19-06fb-4a83-9e5c-0254756e6e61';
/** EU868: data rate 5 is spreading factor 7, data rate 0 is 12 (LoRaWAN regional parameters). */
const FASTEST_DATA_RATE = 5;
const FASTEST_SPREADING_FACTOR = 7;

/** Topic prefix under which the sensor's events come, without the last level. */
export function chirpStackPrefix(sensor: TownSensor): string {
  return `application/${APPLICATION_ID}/device/${sensor.deviceId}/event`;
}

/**
 * An uplink event of ChirpStack v4 in its JSON form: empty fields stand there, EUIs are lower case. A frame that
 * is passed on twice has a deduplication id of its own each time (devices without frame-counter check).
 */
export function encodeChirpStack(sensor: TownSensor, payload: RadioPayload, frame: Frame): Uplink {
  const radio = radioSession(sensor, frame);
  const time = new Date(frame.heardAtMs).toISOString().replace('Z', '+00:00');
  const document = {
    deduplicationId: deduplicationId(sensor, frame),
    time,
    deviceInfo: {
      tenantId: TENANT_ID,
      tenantName: 'Kommunen',
      applicationId: APPLICATION_ID,
      applicationName: 'Soptunnor',
      deviceProfileId: PROFILE_ID,
      deviceProfileName: sensor.model,
      deviceName: `soptunna-${sensor.deviceId.slice(-6)}`,
      devEui: sensor.deviceId,
      deviceClassEnabled: 'CLASS_A',
      tags: {},
    },
    devAddr: radio.devAddr,
    adr: true,
    dr: FASTEST_DATA_RATE - (radio.spreadingFactor - FASTEST_SPREADING_FACTOR),
    fCnt: frame.counter,
    fPort: payload.fPort,
    confirmed: false,
    data: Buffer.from(payload.bytes).toString('base64'),
    rxInfo: [
      {
        gatewayId: radio.gatewayId,
        uplinkId: hashText(`${sensor.deviceId}/${frame.session}/${frame.counter}`) % 65_536,
        nsTime: time,
        rssi: radio.rssi,
        ...(radio.snr !== 0 && { snr: radio.snr }),
        location: {},
        context: bytesFrom(frame.counter).subarray(0, 4).toString('base64'),
        metadata: { region_common_name: 'EU868', region_config_id: 'eu868' },
        crcStatus: 'CRC_OK',
      },
    ],
    txInfo: {
      frequency: radio.frequencyHz,
      modulation: {
        lora: { bandwidth: 125_000, spreadingFactor: radio.spreadingFactor, codeRate: 'CR_4_5' },
      },
    },
    regionConfigId: 'eu868',
  };
  return {
    topic: `${chirpStackPrefix(sensor)}/up`,
    payload: Buffer.from(JSON.stringify(document)),
  };
}

/** A version 4 UUID (RFC 9562, 5.4). */
function deduplicationId(sensor: TownSensor, frame: Frame): string {
  const delivery = `${sensor.deviceId}/${frame.session}/${frame.counter}/${frame.copy}`;
  const bytes = bytesFrom(mixHash(hashText(delivery), 7));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join('-');
}
