import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import { saveBins } from '../../store/bins.ts';
import { closeStore, openStore } from '../../store/database.ts';
import { saveDevices } from '../../store/devices.ts';
import { migrate } from '../../store/migrate.ts';
import { mountDevice } from '../../store/mount-device.ts';
import { ROWS_PER_STEP } from '../../store/recompute-step.ts';
import { describeRun } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { readWaits } from './read-waits.ts';
import { storeHistory } from './store-history.ts';

/*
 * How long the correction of a mounting takes, and how long another process that writes, as ingest does, waits meanwhile.
 *   node bench/recompute/main.ts --readings 100000 [--rows-per-step 100000] [--database postgres://...]
 * The PostgreSQL database must be empty. With as many rows a step as there are readings, all is one transaction.
 */

const { values } = parseArgs({
  options: {
    readings: { type: 'string', default: '100000' },
    'rows-per-step': { type: 'string', default: String(ROWS_PER_STEP) },
    database: { type: 'string' },
  },
});
const count = Number(values.readings);
const folder = mkdtempSync(join(tmpdir(), 'tunna-recompute-'));
const location = values.database ?? join(folder, 'tunna.sqlite');
const store = openStore(location);
await migrate(store, 0);

const geometry = {
  shape: 'prism',
  emptyDistanceMm: 1200,
  fullDistanceMm: 200,
  blindZoneMm: 30,
} as const;
const mounting = { deviceId: deviceId('sensor-1'), binId: binId('bin-1'), geometry };
await saveBins(store, [
  {
    id: mounting.binId,
    name: 'Ett',
    description: null,
    stream: 'residual',
    area: null,
    location: { lat: 59.19, lng: 17.62 },
    volumeLitres: 660,
    thresholdPercent: 80,
  },
]);
await saveDevices(store, [{ id: mounting.deviceId, model: null, reportIntervalSeconds: null }]);
await mountDevice(store, { ...mounting, fromMs: 0 }, 0);
await storeHistory(store, mounting, count);

const script = join(import.meta.dirname, 'other-writer.ts');
const writer = promisify(execFile)(process.execPath, [script, location]);
// Its first line says that it writes.
await once(writer.child.stdout ?? process.stdin, 'data');
const corrected = { ...geometry, shape: 'taper', areaRatio: 0.6 } as const;
const startedMs = performance.now();
const result = await mountDevice(store, { ...mounting, geometry: corrected, fromMs: 0 }, 1, {
  rowsPerStep: Number(values['rows-per-step']),
});
const seconds = (performance.now() - startedMs) / 1000;
if (!result.ok) throw new Error(result.detail);
writer.child.kill();
const { stdout } = await writer;
const waits = readWaits(stdout);
const table = markdownTable(
  [
    'database',
    'readings',
    'in a step',
    'seconds',
    'writes beside it',
    'median ms',
    'slowest ms',
    'failed',
  ],
  [
    [
      store.kind,
      String(result.recomputedReadings),
      values['rows-per-step'],
      seconds.toFixed(1),
      String(waits.writes),
      String(waits.medianMs),
      String(waits.slowestMs),
      String(waits.failed),
    ],
  ],
);
process.stdout.write(`${describeRun()}\n\n${table}\n`);
await closeStore(store);
rmSync(folder, { recursive: true, force: true });
