import { Worker } from 'node:worker_threads';
import type { ImportNews, ImportOrder } from './roads/messages.ts';
import { TravelError } from './travel-source.ts';

/**
 * Makes a file of roads out of an OpenStreetMap extract, in a thread of its own.
 * @throws {TravelError} when the extract cannot be read or has no roads, or the file cannot be written.
 */
export async function importRoadsFile(
  order: Omit<ImportOrder, 'kind'>,
  onProgress: (step: string, percent: number) => void,
): Promise<void> {
  const workerData: ImportOrder = { kind: 'import', ...order };
  const worker = new Worker(new URL('./roads/worker.ts', import.meta.url), { workerData });
  await new Promise<void>((resolve, reject) => {
    worker.on('message', (news: ImportNews) => {
      if (news.kind === 'progress') onProgress(news.step, news.percent);
      else if (news.kind === 'done') resolve();
      else reject(new TravelError(news.reason));
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The import ended early (${code})`)));
  });
}
