import { appendAudit, entryAboutMany } from './audit.ts';
import { appendChanges } from './changes.ts';
import type { Store } from './database.ts';
import type { BinRow } from './schema.ts';
import type { BinId } from '../domain/ids.ts';
import type { Stream } from '../domain/stream.ts';
import { lockForWriting } from './write-lock.ts';

/** A place where waste collects. */
export interface Bin {
  readonly id: BinId;
  readonly name: string;
  readonly description: string | null;
  readonly stream: Stream;
  readonly area: string | null;
  /** WGS 84, degrees. */
  readonly location: { readonly lat: number; readonly lng: number };
  readonly volumeLitres: number | null;
  /** Fill from which the bin needs emptying. */
  readonly thresholdPercent: number;
}

/** Adds bins, or replaces the records of those already there; all or none. Levels and mountings stay. */
export async function saveBins(store: Store, bins: readonly Bin[]): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    await lockForWriting(trx, store.kind);
    for (const bin of bins) {
      const row = toRow(bin);
      await trx
        .insertInto('bins')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
    }
    await appendChanges(
      trx,
      store.kind,
      bins.map(({ id }) => ({ kind: 'bin', id })),
    );
    const ids = bins.map(({ id }) => id);
    await appendAudit(trx, store, entryAboutMany('bin-saved', ids));
  });
}

export async function listBins(store: Store): Promise<Bin[]> {
  const rows = await store.db.selectFrom('bins').selectAll().orderBy('id').execute();
  return rows.map(toBin);
}

export async function findBin(store: Store, id: string): Promise<Bin | undefined> {
  const row = await store.db.selectFrom('bins').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toBin(row);
}

function toRow(bin: Bin): BinRow {
  return {
    id: bin.id,
    name: bin.name,
    description: bin.description,
    stream: bin.stream,
    area: bin.area,
    lat: bin.location.lat,
    lng: bin.location.lng,
    volume_litres: bin.volumeLitres,
    threshold_percent: bin.thresholdPercent,
  };
}

export function toBin(row: BinRow): Bin {
  return {
    // Safe: only toRow writes the table, from a Bin.
    id: row.id as BinId,
    name: row.name,
    description: row.description,
    stream: row.stream as Stream,
    area: row.area,
    location: { lat: row.lat, lng: row.lng },
    volumeLitres: row.volume_litres,
    thresholdPercent: row.threshold_percent,
  };
}
