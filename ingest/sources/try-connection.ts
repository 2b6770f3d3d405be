import { connectAsync } from 'mqtt';
import { readCredentials } from './credentials.ts';
import type { MqttSource } from './mqtt-source.ts';

const TIMEOUT_MS = 5_000;

/**
 * Connects to a source and leaves again: whether it is there, is whom we trust, and lets us in. Under a client id of its own and
 * without a session, so that a running client is not thrown out and nothing is kept for nobody. Rejects with the reason.
 */
export async function tryConnection({ name, mqtt }: MqttSource): Promise<void> {
  const client = await connectAsync(
    mqtt.url,
    {
      ...readCredentials(mqtt),
      clientId: `${mqtt.clientId ?? `tunna-${name}`}-doctor`,
      protocolVersion: 4,
      clean: true,
      connectTimeout: TIMEOUT_MS,
      reconnectPeriod: 0,
    },
    false,
  );
  await client.endAsync();
}
