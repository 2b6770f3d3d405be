import { once } from 'node:events';
import http from 'node:http';
import { BinsEvent } from '../../dashboard/api/town.ts';

/** Opens the live stream as a page does, and tells of every level it brings. Resolves when it has begun. */
export async function watchEvents(
  url: string,
  onLevel: (binId: string, observedAtMs: number) => void,
): Promise<Disposable> {
  const request = http.get(url, { agent: false });
  // Safe: the event has the response as its only argument.
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
  response.on('error', () => {});
  request.on('error', () => {});
  const begun = Promise.withResolvers<void>();
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    begun.resolve();
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) readBlock(block, onLevel);
  });
  await begun.promise;
  return {
    [Symbol.dispose]: () => request.destroy(),
  };
}

function readBlock(block: string, onLevel: (binId: string, observedAtMs: number) => void): void {
  if (!block.includes('event: bins\n')) return;
  const data = block.split('\n').find((line) => line.startsWith('data: '));
  for (const { id, observedAt } of BinsEvent.parse(JSON.parse(data?.slice(6) ?? '')).bins) {
    if (observedAt !== null) onLevel(id, Date.parse(observedAt));
  }
}
