import { z } from 'zod';
import { ID_RULE, parseBinId, parseDeviceId } from '../../domain/ids.ts';

/** Ids in what clients send. */

export const BinId = z
  .string()
  .transform((text, context) => {
    const id = parseBinId(text);
    if (id !== undefined) return id;
    context.addIssue(`Expected a bin id: ${ID_RULE}`);
    return z.NEVER;
  })
  .meta({
    description: `Id of a bin: ${ID_RULE}`,
    example: 'bin-0042',
    override: { type: 'string' },
  });

export const DeviceId = z
  .string()
  .transform((text, context) => {
    const id = parseDeviceId(text);
    if (id !== undefined) return id;
    context.addIssue(`Expected a device id: ${ID_RULE}`);
    return z.NEVER;
  })
  .meta({
    description: `Id of a device: ${ID_RULE}; an EUI in either case`,
    example: '24e124713c123456',
    override: { type: 'string' },
  });
