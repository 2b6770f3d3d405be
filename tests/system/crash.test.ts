import { describe, expect, test, vi } from 'vitest';
import { countOf, drain } from './conservation.ts';
import { Publisher, countStored } from './publisher.ts';
import { startTunna } from './running-tunna.ts';
import { addTown } from './town-of-devices.ts';

const PUBLISHERS = 8;
const TOWN_SIZE = 20;
const KILLS = ['ingest', 'broker', 'ingest', 'broker'] as const;
const ACKED_BETWEEN_KILLS = 300;

describe('kill -9 under load', () => {
  test('everything acknowledged is stored, once', async () => {
    await using tunna = await startTunna();
    const credentials = await addTown(tunna, TOWN_SIZE);
    const devices = Array.from({ length: TOWN_SIZE }, (_, index) => `dev-${index}`);
    const publishers = Array.from(
      { length: PUBLISHERS },
      (_, index) => new Publisher(tunna, credentials, { name: `publisher-${index}`, devices }),
    );
    const acknowledged = (): number =>
      publishers.reduce((sum, publisher) => sum + publisher.acknowledged.size, 0);
    for (const part of KILLS) {
      const before = acknowledged();
      await vi.waitFor(() => expect(acknowledged() - before).toBeGreaterThan(ACKED_BETWEEN_KILLS), {
        timeout: 40_000,
      });
      const killed = tunna.killPart(part);
      await vi.waitFor(() => expect(tunna.findPart(part) ?? killed).not.toBe(killed), {
        timeout: 20_000,
        interval: 50,
      });
    }
    const last = acknowledged();
    await vi.waitFor(() => expect(acknowledged() - last).toBeGreaterThan(ACKED_BETWEEN_KILLS), {
      timeout: 40_000,
    });
    await Promise.all(publishers.map((publisher) => publisher.stop()));
    const owed = publishers.flatMap((publisher) => [...publisher.acknowledged]);
    const { journaled, tally } = await drain(tunna);
    const stored = await countStored(tunna);
    expect(owed.filter((boot) => !stored.has(boot))).toEqual([]);
    expect([...stored].filter(([, count]) => count > 1)).toEqual([]);
    // Each record of the journal was taken once, whatever was killed while it was: as news, or as the copy it is.
    expect(countOf(tally)).toBe(journaled);
    const published = publishers.reduce((sum, publisher) => sum + publisher.published, 0);
    expect(journaled).toBeGreaterThanOrEqual(published);
    expect(countOf(tally, 'duplicate')).toBeGreaterThan(0);
    expect(owed.length).toBeGreaterThan(ACKED_BETWEEN_KILLS * (KILLS.length + 1));
  }, 180_000);
});
