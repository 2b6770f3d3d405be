import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { canConnect } from './can-connect.ts';
import { freePort } from './free-port.ts';
import { requireProgram } from './programs.ts';
import type { Program } from './programs.ts';
import { privateFolder, ServerProcess, startServer } from './server-process.ts';

/** A running RabbitMQ with its MQTT plugin. */
export interface RabbitMq extends ServerProcess {
  /** `mqtt://127.0.0.1:port` */
  readonly url: string;
}

/** Erlang nodes find each other through a daemon; ours has its own, which stays while the node is killed and started again. */
class RabbitMqProcess extends ServerProcess implements RabbitMq {
  readonly #names: ServerProcess;

  constructor(plan: ConstructorParameters<typeof ServerProcess>[0], names: ServerProcess) {
    super(plan);
    this.#names = names;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.#names.stop();
  }
}

/**
 * Starts RabbitMQ, which lets everybody in.
 * @param options.settings further lines of its configuration.
 */
export async function startRabbitMq(
  options: { readonly settings?: readonly string[] } = {},
): Promise<RabbitMq> {
  const folder = await privateFolder('rabbitmq');
  const [port, namesPort, nodePort] = [await freePort(), await freePort(), await freePort()];
  const lines = [
    // AMQP would need another port.
    'listeners.tcp = none',
    `mqtt.listeners.tcp.1 = 127.0.0.1:${port}`,
    'mqtt.allow_anonymous = true',
    'mqtt.default_user = guest',
    'mqtt.default_pass = guest',
    ...(options.settings ?? []),
  ];
  await writeFile(path.join(folder, 'rabbitmq.conf'), lines.join('\n') + '\n');
  await writeFile(path.join(folder, 'enabled_plugins'), '[rabbitmq_mqtt].\n');
  const names = await startNames(namesPort);
  const program = erlang(folder, { namesPort, nodePort });
  const isReady = (): Promise<boolean> => canConnect(port);
  const plan = { name: 'rabbitmq', program, args: BOOT, port, folder, isReady };
  return startServer(new RabbitMqProcess({ ...plan, readyWithinMs: READY_WITHIN_MS }, names));
}

/** Eight seconds on an idle machine; a minute and a half were not enough on one that had twenty times its work. */
const READY_WITHIN_MS = 300_000;

/** As the package's own script starts it, with tables of a size for a test. */
const BOOT = [
  ...['-noinput', '-start_epmd', 'false', '-boot', 'start_sasl', '-s', 'rabbit', 'boot'],
  ...['+W', 'w', '+P', '100000', '+t', '1000000', '+sbwt', 'none', '+B', 'i'],
];

function erlang(
  folder: string,
  ports: { readonly namesPort: number; readonly nodePort: number },
): Program {
  const program = requireProgram('erlexec');
  const binaries = path.dirname(program.path);
  const plugins = requireProgram('rabbitmq-plugins').path;
  const env = {
    ...program.env,
    ROOTDIR: path.resolve(binaries, '../..'),
    BINDIR: binaries,
    EMU: 'beam',
    PROGNAME: 'erl',
    PATH: `${binaries}:${process.env['PATH'] ?? ''}`,
    // The cookie that nodes share lies there.
    HOME: folder,
    ERL_LIBS: plugins,
    ERL_MAX_ETS_TABLES: '5000',
    ERL_CRASH_DUMP_BYTES: '0',
    ERL_EPMD_PORT: String(ports.namesPort),
    RABBITMQ_HOME: path.dirname(plugins),
    RABBITMQ_PLUGINS_DIR: plugins,
    RABBITMQ_NODENAME: `tunna-${ports.nodePort}@localhost`,
    RABBITMQ_DIST_PORT: String(ports.nodePort),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: path.join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: path.join(folder, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: path.join(folder, 'enabled_plugins'),
    RABBITMQ_FEATURE_FLAGS_FILE: path.join(folder, 'feature_flags'),
    RABBITMQ_GENERATED_CONFIG_DIR: path.join(folder, 'generated'),
    RABBITMQ_MNESIA_BASE: path.join(folder, 'mnesia'),
    RABBITMQ_PID_FILE: path.join(folder, 'pid'),
    RABBITMQ_LOG_BASE: path.join(folder, 'log'),
    RABBITMQ_LOGS: '-',
  };
  return { path: program.path, env };
}

async function startNames(port: number): Promise<ServerProcess> {
  const plan = {
    ...{ name: 'epmd', program: requireProgram('epmd'), port },
    args: ['-port', String(port), '-address', '127.0.0.1'],
    folder: await privateFolder('epmd'),
    isReady: () => canConnect(port),
  };
  return startServer(new ServerProcess(plan));
}
