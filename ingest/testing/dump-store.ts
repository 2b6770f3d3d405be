import type { Store } from '../../store/database.ts';

/**
 * Everything ingest has stored, as text that does not depend on row numbers or on the place of a message in its journal:
 * two stores that hold the same give the same text.
 */
export async function dumpStore({ db }: Store): Promise<string> {
  const uplinks = await db.selectFrom('uplinks').selectAll().orderBy('identity').execute();
  const readings = await db
    .selectFrom('readings')
    .innerJoin('uplinks', 'uplinks.id', 'readings.uplink_id')
    .selectAll('readings')
    .select('uplinks.identity')
    .orderBy('uplinks.identity')
    .orderBy('readings.part')
    .execute();
  const states = await db.selectFrom('bin_states').selectAll().orderBy('bin_id').execute();
  const devices = await db.selectFrom('device_states').selectAll().orderBy('device_id').execute();
  const quarantine = await db.selectFrom('quarantine').selectAll().orderBy('digest').execute();
  const identityOf = new Map(readings.map(({ id, identity, part }) => [id, `${identity}/${part}`]));
  return JSON.stringify(
    {
      uplinks: uplinks.map(({ id: _, door: __, journal_seq: ___, ...row }) => row),
      readings: readings.map(({ id: _, uplink_id: __, ...row }) => row),
      states: states.map((row) => ({ ...row, reading_id: identityOf.get(row.reading_id) })),
      devices,
      quarantine: quarantine.map(
        ({ reason, detail, topic, times, first_received_at, last_received_at }) => ({
          reason,
          detail,
          topic,
          times,
          first_received_at,
          last_received_at,
        }),
      ),
    },
    null,
    1,
  );
}
