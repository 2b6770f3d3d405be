import { z } from 'zod';
import { checkShape } from './check-shape.ts';
import { refuse } from './uplink.ts';
import type { Refusal } from './uplink.ts';

/** One record of a SenML pack with what its predecessors say for it added (RFC 8428, 4.6). */
export interface SenmlRecord {
  /** Base name and name. */
  readonly name: string;
  /** How much of {@link name} is the base name. */
  readonly baseLength: number;
  readonly unit: string | undefined;
  /** Base value and value, or what stands there instead of a number. */
  readonly value: number | string | boolean;
  /** When it was measured, ms since 1970; `undefined`: now, and nobody knows when that is. */
  readonly atMs: number | undefined;
  /** The pack says how long ago it was, not when. */
  readonly isRelative: boolean;
}

/** RFC 8428, 4.4: a receiver must not read a later version than it knows. */
const VERSION = 10;

/** RFC 8428, 4.5.3: below it, seconds count from "now"; from it on, since 1970. */
const FIRST_ABSOLUTE_S = 2 ** 28;

/** The range of `Date` (ECMA-262, 21.4.1.1), s: beyond it a number is no time at all. */
const LAST_TIME_S = 8.64e12;

/** More records than any sensor sends; a pack of history has a few hundred. */
const MAX_RECORDS = 5_000;

const Fields = z.object({
  bver: z.int().optional(),
  bn: z.string().optional(),
  bt: z.number().optional(),
  bu: z.string().optional(),
  bv: z.number().optional(),
  bs: z.number().optional(),
  n: z.string().optional(),
  u: z.string().optional(),
  v: z.number().optional(),
  vs: z.string().optional(),
  vb: z.boolean().optional(),
  vd: z.string().optional(),
  s: z.number().optional(),
  t: z.number().optional(),
  ut: z.number().optional(),
});
type Fields = z.output<typeof Fields>;

const Pack = z.array(Fields.loose()).min(1).max(MAX_RECORDS);

/** Whether a document can only be a SenML pack. */
export function looksLikeSenml(document: unknown): boolean {
  if (!Array.isArray(document) || document.length === 0) return false;
  const has = (keys: readonly string[]): boolean =>
    document.some(
      (record) =>
        typeof record === 'object' &&
        record !== null &&
        keys.some((key) => Object.hasOwn(record, key)),
    );
  return has(['n', 'bn']) && has(['v', 'vs', 'vb', 'vd', 's']);
}

/** What is in force from one record on for all after it. */
interface Base {
  readonly name: string;
  readonly timeS: number;
  readonly unit: string | undefined;
  readonly value: number;
}

/**
 * Resolves a pack: every record with its full name, unit, time and value. Records that only set bases, and data (`vd`) and sums
 * (`s`), which no bin sensor measures, give none.
 * @param nowMs what "now" is for times relative to it: when the message arrived
 */
export function resolvePack(
  document: unknown,
  nowMs: number | undefined,
): { readonly ok: true; readonly records: readonly SenmlRecord[] } | Refusal {
  const shape = checkShape(Pack, document);
  if (!shape.ok) return shape;
  const records: SenmlRecord[] = [];
  let base: Base = { name: '', timeS: 0, unit: undefined, value: 0 };
  for (const [index, fields] of shape.value.entries()) {
    const problem = findForeign(fields);
    if (problem !== undefined) return refuse('wrong-type', `${index}: ${problem}`);
    base = advance(base, fields);
    const value = valueOf(fields, base);
    if (value === undefined) continue;
    const timeS = base.timeS + (fields.t ?? 0);
    if (Math.abs(timeS) > LAST_TIME_S) {
      return refuse('clock', `${index}: the time ${timeS} is beyond the end of time`);
    }
    const name = base.name + (fields.n ?? '');
    const unit = fields.u ?? base.unit;
    records.push({ name, baseLength: base.name.length, unit, value, ...toTime(timeS, nowMs) });
  }
  return { ok: true, records };
}

/** RFC 8428, 4.4: fields whose names end in `_` must be understood, and so must the version. */
function findForeign(fields: Fields): string | undefined {
  if (fields.bver !== undefined && fields.bver > VERSION) {
    return `bver ${fields.bver} is later than ${VERSION}`;
  }
  const foreign = Object.keys(fields).find((key) => key.endsWith('_'));
  return foreign === undefined ? undefined : `the field ${foreign} is not known`;
}

function advance(base: Base, { bn, bt, bu, bv }: Fields): Base {
  return {
    name: bn ?? base.name,
    timeS: bt ?? base.timeS,
    unit: bu ?? base.unit,
    value: bv ?? base.value,
  };
}

function valueOf({ v, vb, vs }: Fields, base: Base): SenmlRecord['value'] | undefined {
  return v === undefined ? (vb ?? vs) : base.value + v;
}

function toTime(
  timeS: number,
  nowMs: number | undefined,
): Pick<SenmlRecord, 'atMs' | 'isRelative'> {
  if (timeS >= FIRST_ABSOLUTE_S) return { atMs: Math.round(timeS * 1000), isRelative: false };
  const atMs = nowMs === undefined ? undefined : nowMs + Math.round(timeS * 1000);
  return { atMs, isRelative: true };
}
