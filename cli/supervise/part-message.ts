import { z } from 'zod';

/** The parts that `tunna start` runs, each in a process of its own. */
export const PART_NAMES = ['broker', 'ingest', 'dashboard', 'simulator'] as const;
export type PartName = (typeof PART_NAMES)[number];

/** Where a part listens, by what people call it, such as `{ page: 'http://127.0.0.1:8080/' }`. */
const Addresses = z.record(z.string(), z.string());
export type Addresses = z.infer<typeof Addresses>;

/** What a part tells its supervisor. */
export const PartMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready'), addresses: Addresses }),
  z.strictObject({ kind: z.literal('refused'), message: z.string() }),
]);
export type PartMessage = z.infer<typeof PartMessage>;
