import type { Store } from '../../store/database.ts';
import { compareText } from '../../store/uplinks.ts';

/**
 * Everything ingest has stored, as text that does not depend on row numbers: two stores that hold the same give the same
 * text. Left out is how often messages came.
 */
export async function dumpStore({ db }: Store): Promise<string> {
  const uplinks = await db.selectFrom('uplinks').selectAll().execute();
  const readings = await db.selectFrom('readings').selectAll().execute();
  const states = await db.selectFrom('bin_states').selectAll().execute();
  const devices = await db.selectFrom('device_states').selectAll().execute();
  const quarantine = await db
    .selectFrom('quarantine')
    .selectAll()
    .where('resolved_at', 'is', null)
    .execute();
  const identityOf = new Map(uplinks.map(({ id, identity }) => [id, identity]));
  const partOf = new Map(
    readings.map(({ id, uplink_id, part }) => [id, `${identityOf.get(uplink_id)}/${part}`]),
  );
  return JSON.stringify(
    {
      uplinks: sorted(uplinks.map(({ id: _, ...row }) => row)),
      readings: sorted(
        readings.map(({ id: _, uplink_id, ...row }) => ({
          uplink: identityOf.get(uplink_id),
          ...row,
        })),
      ),
      states: sorted(states.map((row) => ({ ...row, reading_id: partOf.get(row.reading_id) }))),
      devices: sorted(devices),
      quarantine: sorted(quarantine.map(({ id: _, times: __, ...row }) => row)),
    },
    null,
    1,
  );
}

/** In an order that no database decides. */
function sorted(rows: readonly object[]): unknown[] {
  return rows
    .map((row) => JSON.stringify(row))
    .sort(compareText)
    .map((text): unknown => JSON.parse(text));
}
