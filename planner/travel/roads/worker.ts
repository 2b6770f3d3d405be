import { parentPort, workerData } from 'node:worker_threads';
import { errorText } from '../../../domain/error-text.ts';
import type { RoadsFile } from '../roads-file.ts';
import { TravelError } from '../travel-source.ts';
import { RoadEngine } from './engine.ts';
import { importRoads } from './import-roads.ts';
import type {
  ImportNews,
  ImportOrder,
  RoadsAnswer,
  RoadsOrder,
  RoadsQuestion,
} from './messages.ts';
import { fromArrays, fromNameBytes } from './network-arrays.ts';

// Safe: only `RoadSource` and `importRoadsFile` start this worker, with an order.
const order = workerData as RoadsOrder;
if (order.kind === 'import') await runImport(order);
else answerQuestions(order.roads);

async function runImport(importOrder: ImportOrder): Promise<void> {
  const tell = (news: ImportNews): void => parentPort?.postMessage(news);
  try {
    await importRoads(importOrder, (step, percent) => tell({ kind: 'progress', step, percent }));
    tell({ kind: 'done' });
  } catch (error) {
    if (!(error instanceof TravelError)) throw error;
    tell({ kind: 'failed', reason: error.message });
  }
}

function answerQuestions(roads: RoadsFile): void {
  const engines = new Map<string, RoadEngine>();
  const names = fromNameBytes(roads);
  const engineOf = (profile: string): RoadEngine => {
    const present = engines.get(profile);
    if (present !== undefined) return present;
    const { network, indexBytes } = fromArrays(roads, profile);
    const engine = new RoadEngine(network, names, indexBytes, roads.header.drivesOnLeft);
    engines.set(profile, engine);
    return engine;
  };
  parentPort?.on('message', ({ id, kind, profile, positions }: RoadsQuestion) => {
    try {
      const engine = engineOf(profile);
      if (kind === 'route') {
        send({ id, kind, legs: engine.route(positions) });
        return;
      }
      const matrix = engine.table(positions);
      send({ id, kind, matrix }, [matrix.seconds.buffer, matrix.metres.buffer]);
    } catch (error) {
      send({ id, kind: 'failed', reason: errorText(error) });
    }
  });
}

function send(answer: RoadsAnswer, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(answer, transfer);
}
