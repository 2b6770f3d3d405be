import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports below those that Linux gives to outgoing connections (32,768 on, `ip_local_port_range`): one that is free now is not
 * taken by somebody's connection before the server under test listens on it.
 */
const FIRST_PORT = 20_000;
const PORT_COUNT = 12_000;

/** Processes that look for ports side by side begin at different places. */
let next = (process.pid * 127) % PORT_COUNT;

/** A TCP port of 127.0.0.1 that is free, and that this process has not given out lately. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORT_COUNT; tries += 1) {
    const port = FIRST_PORT + next;
    next = (next + 1) % PORT_COUNT;
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${FIRST_PORT} on is free`);
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    probe.close();
    await once(probe, 'close');
    return true;
  } catch {
    return false;
  }
}
