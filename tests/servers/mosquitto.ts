import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { canConnect } from './can-connect.ts';
import { requireProgram, runProgram } from './programs.ts';
import type { ProgramResult } from './programs.ts';
import { freePort } from './free-port.ts';
import { privateFolder, ServerProcess, startServer } from './server-process.ts';

/** A running Mosquitto broker. */
export interface Mosquitto extends ServerProcess {
  /** `mqtt://127.0.0.1:port` */
  readonly url: string;
}

class MosquittoProcess extends ServerProcess implements Mosquitto {
  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }
}

/**
 * Starts a Mosquitto broker that lets everybody in and keeps nothing on disk.
 * @param options.settings further lines of its configuration, such as `max_inflight_messages 500`.
 */
export async function startMosquitto(
  options: { readonly settings?: readonly string[] } = {},
): Promise<Mosquitto> {
  const program = requireProgram('mosquitto');
  const port = await freePort();
  const folder = await privateFolder('mosquitto');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence false',
    // Started by root it would become a user who cannot read the folder.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    ...(options.settings ?? []),
  ];
  const configFile = path.join(folder, 'mosquitto.conf');
  await writeFile(configFile, lines.join('\n') + '\n');
  const args = ['-c', configFile];
  const isReady = () => canConnect(port);
  return startServer(
    new MosquittoProcess({ name: 'mosquitto', program, args, port, folder, isReady }),
  );
}

/** Runs `mosquitto_pub`, a publisher that shares no code with ours. */
export function mosquittoPub(
  args: readonly string[],
  input?: string | Uint8Array,
): Promise<ProgramResult> {
  return runProgram('mosquitto_pub', args, input === undefined ? {} : { input });
}

/** Runs `mosquitto_sub` to its end; give it `-C count` and `-W seconds`. */
export function mosquittoSub(args: readonly string[]): Promise<ProgramResult> {
  return runProgram('mosquitto_sub', args);
}
