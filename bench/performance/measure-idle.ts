import { setTimeout as wait } from 'node:timers/promises';
import { FORMS } from '../drain/messages.ts';
import { Flood } from './load.ts';
import type { PeerKind } from './peer.ts';
import { readRssKib } from './process-usage.ts';

/** For what connecting left behind to be collected, and the last buffers to be given back. */
const SETTLE_MS = 2_000;

/** Memory that a broker takes for a connection that is open and says nothing, in KiB. */
export async function measureIdle(kind: PeerKind, connections: number): Promise<number> {
  await using peer = await kind.start({ form: FORMS.own, connections });
  const pid = peer.processes['broker'] ?? 0;
  // So that what a first connection needs once is not counted.
  const first = await Flood.connect(peer.logins.slice(0, 20));
  await first.close();
  await wait(SETTLE_MS);
  const before = readRssKib(pid);
  const flood = await Flood.connect(peer.logins);
  await wait(SETTLE_MS);
  const after = readRssKib(pid);
  await flood.close();
  return (after - before) / connections;
}
