import { expect, vi } from 'vitest';
import { Publisher } from '../system/publisher.ts';
import type { PublisherLoad } from '../system/publisher.ts';
import type { Credentials } from '../system/town-of-devices.ts';

/** `npm run test:scaling`; what `npm test` runs is short. */
export const IS_LONG = process.env['TUNNA_TEST_SCALING'] === 'long';

/** Few enough messages that two cores shared with servers keep up. */
const PUBLISHERS_EACH = 4;
const REST_MS = 10;
const MESSAGES = IS_LONG ? 3_000 : 150;
const WAIT_MS = 120_000;

/** Publishers at one or several brokers, who go on until they are stopped. */
export class Load {
  readonly #publishers: readonly Publisher[];

  constructor(
    brokers: readonly { readonly mqttPort: number }[],
    load: Omit<PublisherLoad, 'name'>,
    credentials?: Credentials,
  ) {
    this.#publishers = brokers.flatMap((broker, at) =>
      Array.from({ length: PUBLISHERS_EACH }, (_, index) => {
        const name = `load-${at}-${index}`;
        return new Publisher(broker, credentials, { restMs: REST_MS, ...load, name });
      }),
    );
  }

  /** What has been acknowledged. */
  get taken(): string[] {
    return this.#publishers.flatMap(({ acknowledged }) => [...acknowledged]);
  }

  /** Resolves when some more readings have been acknowledged. */
  async goOn(): Promise<void> {
    const goal = this.taken.length + MESSAGES;
    await vi.waitFor(() => expect(this.taken.length).toBeGreaterThan(goal), WAIT_MS);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#publishers.map((publisher) => publisher.stop()));
  }

  /** Resolves when everything that was acknowledged is stored; nothing may be twice. */
  async expectStored(count: () => Promise<ReadonlyMap<string, number>>): Promise<void> {
    await vi.waitFor(
      async () => {
        const stored = await count();
        expect(this.taken.filter((boot) => !stored.has(boot))).toEqual([]);
      },
      { timeout: WAIT_MS, interval: 200 },
    );
    const stored = await count();
    expect([...stored].filter(([, times]) => times > 1)).toEqual([]);
    expect(this.taken.length).toBeGreaterThan(MESSAGES);
  }
}
