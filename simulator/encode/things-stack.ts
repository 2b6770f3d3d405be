import { MODEL_FACTS } from '../sensor-catalogue.ts';
import type { TownSensor } from '../town-sensor.ts';
import type { RadioPayload } from './radio-payload.ts';
import { radioSession } from './radio-session.ts';
import type { Frame, Uplink } from './uplink.ts';

const APPLICATION = 'soptunnor';
const TENANT = 'ttn';
const JOIN_EUI = '0254756E6A6F696E';

/** The network server has a frame for its deduplication window of 200 ms before it passes it on. */
const DEDUPLICATION_MS = 200;

/** Topic prefix under which the sensor's documents come, without the last level. */
export function thingsStackPrefix(sensor: TownSensor): string {
  return `v3/${APPLICATION}@${TENANT}/devices/eui-${sensor.deviceId}`;
}

/**
 * An uplink of The Things Stack v3 as its MQTT server prints it: proto-JSON, so fields that are zero, false or empty
 * are left out; EUIs in upper case; frequency a string; times in nanoseconds.
 */
export function encodeThingsStack(sensor: TownSensor, payload: RadioPayload, frame: Frame): Uplink {
  const radio = radioSession(sensor, frame);
  const { brandId, modelId } = MODEL_FACTS[sensor.model];
  const heardAt = nanoseconds(frame.heardAtMs);
  const eui = sensor.deviceId.toUpperCase();
  const document = {
    end_device_ids: {
      device_id: `eui-${sensor.deviceId}`,
      application_ids: { application_id: APPLICATION },
      dev_eui: eui,
      join_eui: JOIN_EUI,
      dev_addr: radio.devAddr.toUpperCase(),
    },
    received_at: nanoseconds(frame.heardAtMs + DEDUPLICATION_MS),
    uplink_message: {
      session_key_id: radio.sessionKey.toString('base64'),
      f_port: payload.fPort,
      ...(frame.counter !== 0 && { f_cnt: frame.counter }),
      frm_payload: Buffer.from(payload.bytes).toString('base64'),
      rx_metadata: [
        {
          gateway_ids: { gateway_id: `eui-${radio.gatewayId}`, eui: radio.gatewayId.toUpperCase() },
          time: heardAt,
          rssi: radio.rssi,
          channel_rssi: radio.rssi,
          ...(radio.snr !== 0 && { snr: radio.snr }),
          received_at: heardAt,
        },
      ],
      settings: {
        data_rate: {
          lora: { bandwidth: 125_000, spreading_factor: radio.spreadingFactor, coding_rate: '4/5' },
        },
        frequency: String(radio.frequencyHz),
        time: heardAt,
      },
      received_at: heardAt,
      version_ids: { brand_id: brandId, model_id: modelId, band_id: 'EU_863_870' },
      network_ids: { net_id: '000000', tenant_id: TENANT, cluster_id: 'eu1' },
    },
  };
  return {
    topic: `${thingsStackPrefix(sensor)}/up`,
    payload: Buffer.from(JSON.stringify(document)),
  };
}

function nanoseconds(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '000000Z');
}
