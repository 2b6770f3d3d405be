import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import type { LoadClient, LoadClientOptions } from './load-client.ts';

/** The client that most Node programs use. Only to see how much of a figure is the client's. */
export class MqttJsClient implements LoadClient {
  readonly #client: MqttClient;
  #inFlight = 0;

  private constructor(client: MqttClient) {
    this.#client = client;
  }

  /** Resolves when the broker has let the principal in. */
  static async connect(options: LoadClientOptions): Promise<MqttJsClient> {
    const client = await mqtt.connectAsync({
      host: '127.0.0.1',
      port: options.port,
      clientId: options.principalId,
      username: options.principalId,
      password: options.token,
      reconnectPeriod: 0,
      keepalive: 600,
    });
    client.on('error', options.onFailure);
    return new MqttJsClient(client);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  publish(topic: string, payload: string, onAck: () => void): void {
    this.#inFlight += 1;
    this.#client.publish(topic, payload, { qos: 1 }, (error) => {
      this.#inFlight -= 1;
      if (!error) onAck();
    });
  }

  async close(): Promise<void> {
    await this.#client.endAsync();
  }
}
