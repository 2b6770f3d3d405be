import { ClusterIndex } from './cluster-index.ts';
import type { ClusterReply, ClusterRequest } from './cluster-messages.ts';

/** The worker's side: holds the index of the newest set of bins, and answers in order. */
let held: { generation: number; index: ClusterIndex } | undefined;

self.addEventListener('message', ({ data }: MessageEvent<ClusterRequest>) => {
  if (data.type === 'load') {
    const startedAt = performance.now();
    held = { generation: data.generation, index: new ClusterIndex(data.input) };
    const buildMs = performance.now() - startedAt;
    return reply({ type: 'loaded', generation: data.generation, buildMs });
  }
  if (!held) return undefined;
  const { generation, index } = held;
  if (data.type === 'query') {
    const { bounds, zoom } = data;
    const points = index.query(bounds, zoom);
    return reply({ type: 'points', generation, zoom, bounds, points });
  }
  if (data.generation !== generation) return undefined;
  const { clusterId } = data;
  return reply({ type: 'expanded', clusterId, generation, zoom: index.expansionZoom(clusterId) });
});

function reply(message: ClusterReply): void {
  self.postMessage(message);
}
