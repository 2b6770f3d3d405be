import { expect, test } from 'vitest';
import { runStorm } from '../../bench/reconnect/storm.ts';

// How fast they are back is measured by `npm run bench:reconnect`, with ten times as many.
test.each([
  [1_000, false],
  [300, true],
] as const)(
  '%i sensors (TLS: %s) all come back after a kill of the broker, and nothing acknowledged is lost',
  async (clients, tls) => {
    const figures = await runStorm({ clients, tls, seed: 7 });
    expect(figures).toMatchObject({ acknowledged: 2 * clients, lost: 0, repeated: 0 });
  },
);
