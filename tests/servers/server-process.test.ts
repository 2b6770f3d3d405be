import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test, vi } from 'vitest';
import { needs } from './needs.ts';

const MOSQUITTO = path.join(import.meta.dirname, 'mosquitto.ts');

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

needs('mosquitto')('a server of a test', () => {
  test.each(['SIGTERM', 'SIGHUP'] as const)(
    'ends with the process that has started it, when that one is ended by %s',
    async (signal) => {
      const script = `
        const { startMosquitto } = await import(${JSON.stringify(MOSQUITTO)});
        const broker = await startMosquitto();
        console.log(broker.pid);
        setInterval(() => {}, 60_000);`;
      const args = ['--input-type=module', '--eval', script];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = await once(createInterface({ input: child.stdout }), 'line');
      const pid = Number(line);
      expect(isAlive(pid)).toBe(true);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([null, signal]);
      await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 20_000);
    },
  );
});
