/** An EM400-MUD as its maker documents it: 100 %, 28.0 °C, 450 mm, upright. */
export const FRAME = Buffer.from('017564036718010482c201050000', 'hex');

/** The sensor that sends it. */
export const LORAWAN_SENSOR = { id: '24e124713c140001', model: 'milesight/em400-mud' } as const;

/** A document of The Things Stack with that frame. @param name what its owner has called the sensor there */
export function networkServerDocument(name: string): string {
  const receivedAt = new Date().toISOString();
  return JSON.stringify({
    end_device_ids: {
      device_id: name,
      application_ids: { application_id: 'town' },
      dev_eui: LORAWAN_SENSOR.id.toUpperCase(),
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
  });
}
