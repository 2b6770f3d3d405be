import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { canConnect } from './can-connect.ts';
import { freePort } from './free-port.ts';
import { requireProgram } from './programs.ts';
import { privateFolder, ServerProcess, startServer } from './server-process.ts';

/** A running NATS server that speaks MQTT and keeps messages in JetStream's file store. */
export class Nats extends ServerProcess {
  readonly mqttPort: number;

  constructor(plan: ConstructorParameters<typeof ServerProcess>[0], mqttPort: number) {
    super(plan);
    this.mqttPort = mqttPort;
  }

  /** `mqtt://127.0.0.1:port` */
  get url(): string {
    return `mqtt://127.0.0.1:${this.mqttPort}`;
  }
}

/**
 * Starts a NATS server that lets everybody in.
 * @param options.settings further lines of its configuration.
 * @param options.mqtt further settings of its MQTT, such as `ack_wait: "2s"`.
 */
export async function startNats(
  options: { readonly settings?: readonly string[]; readonly mqtt?: readonly string[] } = {},
): Promise<Nats> {
  const program = requireProgram('nats-server');
  const [port, mqttPort] = [await freePort(), await freePort()];
  const folder = await privateFolder('nats');
  const configFile = path.join(folder, 'nats.conf');
  // https://docs.nats.io/running-a-nats-service/configuration/mqtt/mqtt_config
  const lines = [
    'server_name: tunna-test',
    `listen: "127.0.0.1:${port}"`,
    `jetstream { store_dir: "${folder}/jetstream" }`,
    `mqtt { ${[`listen: "127.0.0.1:${mqttPort}"`, ...(options.mqtt ?? [])].join('; ')} }`,
    ...(options.settings ?? []),
  ];
  await writeFile(configFile, lines.join('\n') + '\n');
  const args = ['-c', configFile];
  const isReady = (): Promise<boolean> => canConnect(mqttPort);
  const plan = { name: 'nats-server', program, args, port, folder, isReady };
  return startServer(new Nats(plan, mqttPort));
}
