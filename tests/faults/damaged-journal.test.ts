import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findMovedAside } from '../../journal/find-journals.ts';
import { drain } from '../system/conservation.ts';
import { countStored, Publisher } from '../system/publisher.ts';
import { startTunna } from '../system/running-tunna.ts';
import { addTown } from '../system/town-of-devices.ts';

const DEVICES = ['dev-0', 'dev-1'];
const MESSAGES = 50;

const DAMAGES: readonly (readonly [string, (file: string) => void])[] = [
  ['overwritten', (file) => writeFileSync(file, 'x'.repeat(10_000))],
  ['emptied', (file) => truncateSync(file, 0)],
];

describe('a journal that is damaged while Tunna is off', () => {
  test.each(DAMAGES)(
    '(%s) is moved aside, and the door takes messages again',
    async (_, damage) => {
      await using tunna = await startTunna();
      const credentials = await addTown(tunna, DEVICES.length);
      const publish = async (name: string): Promise<readonly string[]> => {
        const publisher = new Publisher(tunna, credentials, { name, devices: DEVICES });
        await expect
          .poll(() => publisher.acknowledged.size, { timeout: 30_000 })
          .toBeGreaterThan(MESSAGES);
        await publisher.stop();
        return [...publisher.acknowledged];
      };
      const before = await publish('before');
      await drain(tunna);
      await tunna.shutDown();
      const journals = path.join(tunna.dataFolder, 'journals');
      damage(path.join(journals, 'mqtt.sqlite'));
      await tunna.start();
      const after = await publish('after');
      await drain(tunna);
      const stored = await countStored(tunna);
      expect([...before, ...after].filter((boot) => stored.get(boot) !== 1)).toEqual([]);
      expect(findMovedAside(journals)).toHaveLength(1);
      expect(tunna.logText()).toContain('has been moved aside');
    },
  );
});
