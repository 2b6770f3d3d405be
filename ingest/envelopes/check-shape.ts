import type { z } from 'zod';
import type { DeviceId } from '../../domain/ids.ts';
import { refuse } from './uplink.ts';
import type { Refusal } from './uplink.ts';

/** Checks a document against a schema; what does not fit is refused with the path of the first wrong field. */
export function checkShape<Schema extends z.ZodType>(
  schema: Schema,
  document: unknown,
  deviceId?: DeviceId,
): { readonly ok: true; readonly value: z.output<Schema> } | Refusal {
  const result = schema.safeParse(document);
  if (result.success) return { ok: true, value: result.data };
  const issue = result.error.issues[0];
  if (issue === undefined) return refuse('wrong-type', 'the message', deviceId);
  const path = issue.path.map(String).join('.');
  return refuse('wrong-type', path === '' ? issue.message : `${path}: ${issue.message}`, deviceId);
}
