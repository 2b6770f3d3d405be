import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import { GEOMETRY } from '../../ingest/testing/sample-town.ts';
import { journalPaths, openJournalFile } from '../../journal/journal-file.ts';
import { InsertRecords } from '../../journal/insert-records.ts';
import type { JournalEntry } from '../../journal/record.ts';
import { saveBins } from '../../store/bins.ts';
import type { Store } from '../../store/database.ts';
import { saveDevices } from '../../store/devices.ts';
import { mountDevices } from '../../store/mount-device.ts';
import { TOWN_SIZE } from './messages.ts';
import type { Form } from './messages.ts';

/** Registers the sensors of a form, each in a bin of its own. */
export async function registerTown(store: Store, form: Form): Promise<void> {
  const indexes = Array.from({ length: TOWN_SIZE }, (_, index) => index);
  await saveBins(
    store,
    indexes.map((index) => ({
      id: binId(`bin-${index}`),
      name: `Bin ${index}`,
      description: null,
      stream: 'residual',
      area: null,
      location: { lat: 59.15 + (index % 40) / 600, lng: 17.56 + Math.floor(index / 40) / 300 },
      volumeLitres: 660,
      thresholdPercent: 80,
    })),
  );
  const ids = indexes.map((index) => deviceId(form.nameDevice(index)));
  await saveDevices(
    store,
    ids.map((id) => ({ id, model: form.model, reportIntervalSeconds: 900 })),
  );
  const mountings = ids.map((id, index) => ({
    deviceId: id,
    binId: binId(`bin-${index}`),
    geometry: GEOMETRY,
  }));
  for (const result of await mountDevices(store, mountings, Date.now())) {
    if (!result.ok) throw new Error(result.detail);
  }
}

/** Messages of one sensor are this far apart. */
const STEP_MS = 1;
const LARGEST_MESSAGE_ID = 65_535;

/** Makes a journal of so many messages, numbered from `first`, as the MQTT door would have left it. */
export function fillJournal(
  folder: string,
  form: Form,
  { first, count }: { readonly first: number; readonly count: number },
): void {
  const door = 'mqtt';
  const database = openJournalFile(journalPaths(folder, door).file, door);
  const insert = new InsertRecords(database);
  const beganMs = Date.now() - count * STEP_MS;
  const entries = Array.from({ length: count }, (_, index): JournalEntry => {
    const receivedAtMs = beganMs + index * STEP_MS;
    return {
      ...form.write(first + index, receivedAtMs),
      receivedAtMs,
      principal: `gateway-${index % 50}`,
      qos: 1,
      messageId: 1 + (index % LARGEST_MESSAGE_ID),
      dup: false,
      backfill: false,
    };
  });
  database.transaction(() => insert.run(1, entries))();
  database.close();
}
