import mqtt from 'mqtt';
import { mosquittoPub } from '../servers/mosquitto.ts';

/** Texts that differ from one another. */
export function numbered(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => `message ${from + index}`);
}

/** Publishes at QoS 1, each acknowledged by the broker, with a program that shares no code with ours. */
export async function publishAll(
  port: number,
  topic: string,
  messages: readonly string[],
): Promise<void> {
  const args = ['-h', '127.0.0.1', '-p', String(port), '-q', '1', '-t', topic, '-l'];
  const result = await mosquittoPub(args, messages.map((text) => `${text}\n`).join(''));
  if (result.exitCode !== 0) throw new Error(`mosquitto_pub failed: ${result.stderr}`);
}

/** A client of the broker for one action. */
export async function withClient<T>(
  url: string,
  options: mqtt.IClientOptions,
  act: (client: mqtt.MqttClient) => Promise<T>,
): Promise<T> {
  const client = await mqtt.connectAsync(url, options);
  try {
    return await act(client);
  } finally {
    await client.endAsync(true);
  }
}
