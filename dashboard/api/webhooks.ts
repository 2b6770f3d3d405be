import { z } from 'zod';

export const Kept = z
  .strictObject({ status: z.literal('kept').meta({ description: 'It is on disk' }) })
  .meta({ id: 'Kept', description: 'A message of a network server was taken' });
export type Kept = z.infer<typeof Kept>;
