import { measureCase } from '../ingest/measure-case.ts';
import type { Figures } from '../ingest/measure-case.ts';
import { RawClient } from '../ingest/raw-client.ts';

/** What a town of a size gave, round by round. */
export interface GrowthRow {
  readonly bins: number;
  readonly rounds: readonly Figures[];
}

/** Ten thousand sensors that report every 20 s. */
const CALM = { connections: 50, window: 10, ratePerSecond: 500, messages: 5_000, seconds: 10 };

/** How long messages take when that many bins are registered, at the same load. */
export function measureGrowth(bins: number): Promise<Figures> {
  return measureCase({ ...CALM, bins }, (options) => RawClient.connect(options));
}
