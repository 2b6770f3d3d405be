import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from './free-port.ts';

test('ports are free, each another, and none that outgoing connections get', async () => {
  const ports: number[] = [];
  for (let count = 0; count < 20; count += 1) ports.push(await freePort());
  expect(new Set(ports).size).toBe(20);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  const server = createServer().listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  server.close();
});

test('a port that is taken is passed over', async () => {
  const first = await freePort();
  const taken = createServer().listen(first + 1, '127.0.0.1');
  await once(taken, 'listening');
  expect(await freePort()).toBeGreaterThan(first + 1);
  taken.close();
});
