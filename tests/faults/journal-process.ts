import { openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { openJournalWriter } from '../../journal/writer.ts';
import { toEntry } from './numbered-entry.ts';

/** Appends numbered entries to a journal and notes each acknowledgement; ends as a power cut would. */
const [folder = '', count = ''] = process.argv.slice(2);
const marks = openSync(path.join(folder, 'acknowledged'), 'a');
const journal = await openJournalWriter({ folder: path.join(folder, 'journals'), door: 'mqtt' });
for (let number = 1; number <= Number(count); number += 1) {
  await journal.append(toEntry(number));
  writeSync(marks, `ACK ${number}\n`);
}
process.kill(process.pid, 'SIGKILL');
