import { deviceId } from '../../domain/testing/test-ids.ts';
import { journalPaths, openJournalFile } from '../../journal/journal-file.ts';
import { InsertRecords } from '../../journal/insert-records.ts';
import type { JournalEntry } from '../../journal/record.ts';
import type { Store } from '../../store/database.ts';
import { registerSensors } from '../register-sensors.ts';
import { TOWN_SIZE } from './messages.ts';
import type { Form } from './messages.ts';

/** Registers the sensors of a form, each in a bin of its own. */
export async function registerTown(store: Store, form: Form): Promise<void> {
  await registerSensors(
    store,
    Array.from({ length: TOWN_SIZE }, (_, index) => ({
      id: deviceId(form.nameDevice(index)),
      model: form.model,
    })),
  );
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
