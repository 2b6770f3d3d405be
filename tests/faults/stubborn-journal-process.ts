import { openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openJournalWriter } from '../../journal/writer.ts';
import { toEntry } from './numbered-entry.ts';

/**
 * Appends numbered entries to a journal, each again and again until it is acknowledged, as senders do; notes what was
 * acknowledged and what was refused. Gives up after a number of refusals.
 */
const [folder = '', count = '', patience = ''] = process.argv.slice(2);
const marks = openSync(path.join(folder, 'marks'), 'a');
const journal = await openJournalWriter({ folder: path.join(folder, 'journals'), door: 'mqtt' });
let refusals = 0;
for (let number = 1; number <= Number(count) && refusals < Number(patience);) {
  try {
    await journal.append(toEntry(number));
    writeSync(marks, `ACK ${number}\n`);
    number += 1;
  } catch {
    refusals += 1;
    writeSync(marks, `NACK ${number}\n`);
    await pause(5);
  }
}
// What fails now must not undo what was acknowledged.
await journal.close();
