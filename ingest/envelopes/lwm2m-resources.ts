import { z } from 'zod';
import { resolvePack } from './senml-pack.ts';
import type { SenmlRecord } from './senml-pack.ts';
import { refuse } from './uplink.ts';
import type { Refusal } from './uplink.ts';

/** One resource of an LwM2M client: `/object/instance/resource` and what it held. */
export interface Lwm2mResource extends Pick<SenmlRecord, 'value' | 'unit' | 'atMs' | 'isRelative'> {
  /** What stands before the path, such as the name of the client. */
  readonly head: string;
  readonly objectId: number;
  readonly instanceId: number;
  readonly resourceId: number;
}

const PATH = /^(.*?)\/?\b(\d{1,5})\/(\d{1,5})\/(\d{1,5})$/;

/** LwM2M 1.0, 6.4.4: the JSON from before SenML was a standard, with the records under `e`. */
const OldPack = z.object({
  bn: z.string().optional(),
  bt: z.number().optional(),
  e: z.array(
    z.object({
      n: z.string().optional(),
      t: z.number().optional(),
      v: z.number().optional(),
      bv: z.boolean().optional(),
      sv: z.string().optional(),
    }),
  ),
});

const Value = z.union([z.number(), z.string(), z.boolean()]);
/** Paths as names: `{"/3435/0/2": 62}`. */
const Paths = z.record(z.string(), z.unknown());

/** Whether some name in a document is a path under this object. */
export function namesObject(document: unknown, objectId: number): boolean {
  const resources = readResources(document, undefined);
  return resources.ok && resources.resources.some((resource) => resource.objectId === objectId);
}

/**
 * Reads resources from SenML JSON (LwM2M 1.1), the older JSON of LwM2M 1.0, or an object with paths as names, nested or not.
 * Names that are no paths are passed over.
 */
export function readResources(
  document: unknown,
  nowMs: number | undefined,
): { readonly ok: true; readonly resources: readonly Lwm2mResource[] } | Refusal {
  const pack = toPack(document);
  if (pack === undefined) return refuse('wrong-type', 'expected LwM2M resources as JSON');
  const resolved = resolvePack(pack, nowMs);
  if (!resolved.ok) return resolved;
  return { ok: true, resources: resolved.records.flatMap((record) => toResource(record) ?? []) };
}

function toPack(document: unknown): unknown {
  if (Array.isArray(document)) return document;
  const old = OldPack.safeParse(document);
  if (old.success) {
    const { bn, bt, e } = old.data;
    const records = e.map(({ n, t, v, bv, sv }) => ({ n, t, v, vb: bv, vs: sv }));
    return [{ bn, bt }, ...records];
  }
  const paths = Paths.safeParse(document);
  if (!paths.success) return undefined;
  const records = flatten('', paths.data);
  return records.length === 0 ? undefined : records;
}

/** Object, instance and resource: three levels, and one for a name before them. */
const MAX_LEVELS = 4;

function flatten(prefix: string, object: Record<string, unknown>, level = 1): object[] {
  return Object.entries(object).flatMap(([key, held]) => {
    const n = prefix === '' ? key : `${prefix}/${key}`;
    const value = Value.safeParse(held);
    if (value.success) return [{ n, ...toValue(value.data) }];
    const inner = Paths.safeParse(held);
    return inner.success && level < MAX_LEVELS ? flatten(n, inner.data, level + 1) : [];
  });
}

function toValue(value: number | string | boolean): object {
  if (typeof value === 'number') return { v: value };
  return typeof value === 'boolean' ? { vb: value } : { vs: value };
}

function toResource(record: SenmlRecord): Lwm2mResource | undefined {
  const match = PATH.exec(record.name);
  if (match === null) return undefined;
  const [, head = '', objectId, instanceId, resourceId] = match;
  const { value, unit, atMs, isRelative } = record;
  return {
    head,
    objectId: Number(objectId),
    instanceId: Number(instanceId),
    resourceId: Number(resourceId),
    value,
    unit,
    atMs,
    isRelative,
  };
}
