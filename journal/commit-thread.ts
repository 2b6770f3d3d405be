import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CommitReply, CommitRequest, CommitWorkerData } from './commit-protocol.ts';
import type { MovedAside } from './damage.ts';

/** The thread that holds a door's lock and its journal, and commits. */
export interface CommitThread {
  readonly worker: Worker;
  /** Names the file for ever; cursors go by it. */
  readonly id: string;
  readonly newestSeq: number;
  /** The file that was there before, when it was damaged. */
  readonly movedAside: MovedAside | undefined;
  /** How many records it lacks that have been stored already: it was restored from a copy, or has lost its end. */
  readonly lacks: number;
}

/** How far the journal with this id has been stored; 0 when nothing of it has. */
export type StoredThrough = (journalId: string) => Promise<number>;

/**
 * Starts the thread that commits. Rejects, with the thread gone, when another writer has the door or the disk cannot keep
 * the journal. A journal that was restored from a copy, or lost its tail, stands behind what was stored of it: what it
 * would number anew is then skipped, since whoever stores takes those numbers for done.
 */
export async function startCommitThread(
  workerData: CommitWorkerData,
  storedThrough: StoredThrough,
): Promise<CommitThread> {
  const worker = new Worker(new URL('./commit-worker.ts', import.meta.url), { workerData });
  try {
    const { id, newestSeq, movedAside } = await nextReply(worker, 'opened');
    const throughSeq = await storedThrough(id);
    const lacks = Math.max(0, throughSeq - newestSeq);
    if (lacks === 0) return { worker, id, newestSeq, movedAside, lacks };
    worker.postMessage({ kind: 'skip', throughSeq } satisfies CommitRequest);
    const skipped = await nextReply(worker, 'skipped');
    return { worker, id, newestSeq: skipped.newestSeq, movedAside, lacks };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

async function nextReply<Kind extends CommitReply['kind']>(
  worker: Worker,
  kind: Kind,
): Promise<Extract<CommitReply, { kind: Kind }>> {
  const answered = new AbortController();
  const { signal } = answered;
  const ended = once(worker, 'exit', { signal }).then(() => {
    throw new Error('The journal’s thread ended without an answer');
  });
  // Safe: the thread sends replies only; `once` rejects with the error that ends the thread.
  const answer = once(worker, 'message', { signal }) as Promise<[CommitReply]>;
  try {
    const [reply] = await Promise.race([answer, ended]);
    if (reply.kind === 'failed') throw new Error(`${reply.code}: ${reply.message}`);
    if (reply.kind !== kind) throw new Error(`The journal’s thread answered ${reply.kind}`);
    // Safe: the kind has just been compared.
    return reply as Extract<CommitReply, { kind: Kind }>;
  } finally {
    answered.abort();
    await Promise.allSettled([answer, ended]);
  }
}
