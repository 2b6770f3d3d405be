/** An EM400-MUD's frame as its maker documents it: 100 %, 28.0 °C, 450 mm, upright. */
export const PAYLOAD_HEX = '017564036718010482c201050000';
const FRAME = Buffer.from(PAYLOAD_HEX, 'hex');

/** Devices in the documents, to be registered as {@link MODEL}. */
export const TTS_EUI = '24E124713C140001';
export const CHIRPSTACK_EUI = '24e124713c140002';
export const MODEL = 'milesight/em400-mud';

export const TTS_TOPIC = 'v3/town@ttn/devices/bin-sensor-1/up';
export const CHIRPSTACK_TOPIC = `application/5b1b8c5e-4a3d-4d0c-9d53-2f4a7b1e0001/device/${CHIRPSTACK_EUI}/event/up`;

/** An uplink as The Things Stack v3 publishes it, heard now. */
export function ttsDocument() {
  const receivedAt = new Date().toISOString();
  return {
    end_device_ids: {
      device_id: 'bin-sensor-1',
      application_ids: { application_id: 'town' },
      dev_eui: TTS_EUI,
      dev_addr: '260B1234',
    },
    received_at: receivedAt,
    uplink_message: {
      session_key_id: 'AYfg8rhha5n+FWx0ZaAprA==',
      f_port: 85,
      frm_payload: FRAME.toString('base64'),
      rx_metadata: [{ gateway_ids: { gateway_id: 'roof' }, rssi: -97 }],
      received_at: receivedAt,
    },
  };
}

/** An uplink as ChirpStack v4 publishes it, heard now. */
export function chirpStackDocument() {
  return {
    deduplicationId: '3ac7e3c4-4401-4b8d-9386-a5c902f9202d',
    time: new Date().toISOString(),
    deviceInfo: {
      applicationId: '5b1b8c5e-4a3d-4d0c-9d53-2f4a7b1e0001',
      deviceName: 'bin-sensor-2',
      deviceProfileName: 'EM400-MUD',
      devEui: CHIRPSTACK_EUI,
    },
    devAddr: '00189440',
    fCnt: 4,
    fPort: 85,
    confirmed: false,
    data: FRAME.toString('base64'),
    rxInfo: [],
  };
}
