import type { CommitReply, CommitRequest, CommitWorkerData } from './commit-protocol.ts';
import { startCommitThread } from './commit-thread.ts';
import type { CommitThread, StoredThrough } from './commit-thread.ts';
import { entrySize } from './entry-batch.ts';
import { journalPaths } from './journal-file.ts';
import { PendingBatch } from './pending-batch.ts';
import { JournalError } from './journal-writer.ts';
import type { JournalWriter, JournalWriterOptions, Settle } from './journal-writer.ts';
import type { JournalEntry } from './record.ts';

/** Beyond these an append is refused: whoever sends must wait. */
const DEFAULT_MAX_PENDING_RECORDS = 20_000;
const DEFAULT_MAX_PENDING_BYTES = 64 * 1024 * 1024;

/** Pause before the thread that commits is started again after its end. */
const RESTART_MS = 1_000;

/** Opens a door's journal. Rejects when another writer has it, or when the disk cannot keep it. */
export async function openJournalWriter(options: JournalWriterOptions): Promise<JournalWriter> {
  const paths = journalPaths(options.folder, options.name ?? options.door);
  const start = startThreads({ ...paths, door: options.door }, options.storedThrough);
  return new ThreadJournalWriter(options, paths.file, start, await start());
}

type StartThread = () => Promise<CommitThread>;

function startThreads(data: CommitWorkerData, storedThrough?: StoredThrough): StartThread {
  return () => startCommitThread(data, storedThrough ?? (() => Promise.resolve(0)));
}

interface PendingPrune {
  readonly throughSeq: number;
  readonly resolve: () => void;
  readonly reject: (error: JournalError) => void;
}

class ThreadJournalWriter implements JournalWriter {
  readonly door: string;
  readonly file: string;
  id: string;
  newestSeq: number;
  failing = false;
  pendingRecords = 0;
  pendingBytes = 0;
  readonly #options: JournalWriterOptions;
  readonly #start: StartThread;
  readonly #queue: PendingBatch[] = [];
  readonly #prunes: PendingPrune[] = [];
  /** What the thread is busy with. */
  #committing: PendingBatch | undefined;
  #busyWith: CommitRequest['kind'] | undefined;
  #scheduled = false;
  #pruneIsNext = false;
  #closing: PromiseWithResolvers<void> | undefined;
  /** `undefined` from the thread's end until another has started. */
  #thread: CommitThread | undefined;
  #restart: NodeJS.Timeout | undefined;
  #broken = new JournalError('WORKER', 'The journal broke down');

  constructor(
    options: JournalWriterOptions,
    file: string,
    start: StartThread,
    thread: CommitThread,
  ) {
    this.#options = options;
    this.#start = start;
    this.door = options.door;
    this.file = file;
    this.id = thread.id;
    this.newestSeq = thread.newestSeq;
    this.#attach(thread);
  }

  #attach(thread: CommitThread): void {
    const { worker } = thread;
    this.#tellDamage(thread);
    this.#thread = thread;
    this.id = thread.id;
    this.newestSeq = thread.newestSeq;
    worker.on('message', (reply: CommitReply) => this.#onReply(reply));
    worker.on('error', (error) => this.#onEnd(thread, error.message));
    worker.on('exit', () => this.#onEnd(thread, 'its thread ended'));
  }

  #tellDamage({ movedAside, lacks }: CommitThread): void {
    const { log } = this.#options;
    if (movedAside !== undefined) {
      const what = 'The journal was damaged and has been moved aside; a new one begins';
      log?.error({ door: this.door, ...movedAside }, what);
    }
    if (lacks > 0) {
      const what = 'The journal ends before what was stored of it: it is a copy, or lost its end';
      log?.error({ door: this.door, lacks }, what);
    }
  }

  get hasRoom(): boolean {
    const { maxPendingRecords, maxPendingBytes } = this.#options;
    return (
      this.pendingRecords < (maxPendingRecords ?? DEFAULT_MAX_PENDING_RECORDS) &&
      this.pendingBytes < (maxPendingBytes ?? DEFAULT_MAX_PENDING_BYTES)
    );
  }

  append(entry: JournalEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.write(entry, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  write(entry: JournalEntry, settle: Settle): void {
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      settle(refusal);
      return;
    }
    const size = entrySize(entry);
    this.#openBatch(size).add(entry, size, settle);
    this.pendingRecords += 1;
    this.pendingBytes += size;
    this.#schedule();
  }

  /** The batch that an entry of this size goes into. */
  #openBatch(size: number): PendingBatch {
    const last = this.#queue.at(-1);
    if (last?.hasRoomFor(size) === true) return last;
    const next = new PendingBatch();
    this.#queue.push(next);
    return next;
  }

  #refusal(): JournalError | undefined {
    if (this.#closing !== undefined) return new JournalError('CLOSED', 'The journal is closed');
    if (this.#thread === undefined) return this.#broken;
    if (!this.hasRoom) return new JournalError('NO_ROOM', 'Too much is waiting for the disk');
    return undefined;
  }

  prune(throughSeq: number): Promise<void> {
    if (this.#closing !== undefined) return Promise.resolve();
    if (this.#thread === undefined) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#prunes.push({ throughSeq, resolve, reject });
      this.#schedule();
    });
  }

  close(): Promise<void> {
    this.#closing ??= Promise.withResolvers<void>();
    clearTimeout(this.#restart);
    if (this.#thread === undefined) this.#closing.resolve();
    this.#schedule();
    return this.#closing.promise;
  }

  /** Waits for the end of the turn, so that what came in one chunk of a socket shares a commit. */
  #schedule(): void {
    if (this.#scheduled || this.#busyWith !== undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#busyWith !== undefined || this.#thread === undefined) return;
    const prune = this.#prunes[0];
    if (this.#closing !== undefined) {
      for (const { resolve } of this.#prunes.splice(0)) resolve();
    } else if (prune !== undefined && (this.#pruneIsNext || this.#queue.length === 0)) {
      this.#pruneIsNext = false;
      this.#send({ kind: 'prune', throughSeq: prune.throughSeq });
      return;
    }
    const batch = this.#queue.shift();
    if (batch !== undefined) {
      this.#pruneIsNext = true;
      this.#committing = batch;
      const block = batch.block.bytes;
      this.#send({ kind: 'append', block }, [block.buffer]);
      return;
    }
    if (this.#closing !== undefined) this.#send({ kind: 'close' });
  }

  #send(request: CommitRequest, transfer: ArrayBuffer[] = []): void {
    this.#busyWith = request.kind;
    this.#thread?.worker.postMessage(request, transfer);
  }

  #onReply(reply: CommitReply): void {
    const busyWith = this.#busyWith;
    const batch = this.#committing;
    this.#busyWith = undefined;
    this.#committing = undefined;
    const error = batch && this.#endAppend(reply, batch);
    if (busyWith === 'prune') this.#endPrune(reply);
    // Before those who wait are told, which takes time: the disk need not be idle meanwhile.
    if (reply.kind !== 'closed') this.#pump();
    batch?.settle(error);
  }

  /** Takes a batch off what is pending. Returns why it was not kept. */
  #endAppend(reply: CommitReply, { settles, size }: PendingBatch): JournalError | undefined {
    const records = settles.length;
    this.pendingRecords -= records;
    this.pendingBytes -= size;
    if (reply.kind !== 'committed') return this.#noteFailure(reply);
    if (this.failing) this.#options.log?.info({ door: this.door }, 'The journal works again');
    this.failing = false;
    this.newestSeq = reply.newestSeq;
    this.#options.onCommit?.({ records, durationMs: reply.durationMs });
    return undefined;
  }

  #endPrune(reply: CommitReply): void {
    if (reply.kind === 'pruned' && reply.more) return;
    const prune = this.#prunes.shift();
    if (reply.kind === 'failed') prune?.reject(new JournalError(reply.code, reply.message));
    else prune?.resolve();
  }

  /** Logs the first of a row of failures only: a full disk fails at every message. */
  #noteFailure(reply: CommitReply): JournalError {
    const { code, message } =
      reply.kind === 'failed' ? reply : { code: 'WORKER', message: `Unexpected ${reply.kind}` };
    if (!this.failing) {
      this.#options.log?.error(
        { door: this.door, code, reason: message },
        'The journal cannot commit',
      );
    }
    this.failing = true;
    return new JournalError(code, `The journal cannot commit: ${message}`);
  }

  #onEnd(thread: CommitThread, reason: string): void {
    if (this.#thread !== thread) return;
    if (this.#closing !== undefined && this.#queue.length === 0) this.#closing.resolve();
    else this.#breakDown(reason);
  }

  /** The thread is gone: whoever waits must know that nothing was promised, and another one is started. */
  #breakDown(reason: string): void {
    this.#thread = undefined;
    this.#broken = new JournalError('WORKER', `The journal broke down: ${reason}`);
    this.failing = true;
    this.#options.log?.error({ door: this.door, reason }, 'The journal broke down');
    const batches = [this.#committing ?? [], this.#queue.splice(0)].flat();
    const prunes = this.#prunes.splice(0);
    this.#committing = undefined;
    this.#busyWith = undefined;
    this.pendingRecords = 0;
    this.pendingBytes = 0;
    for (const batch of batches) batch.settle(this.#broken);
    for (const { reject } of prunes) reject(this.#broken);
    this.#closing?.resolve();
    this.#restartLater();
  }

  #restartLater(): void {
    if (this.#closing !== undefined) return;
    this.#restart = setTimeout(() => void this.#restartNow(), RESTART_MS);
  }

  async #restartNow(): Promise<void> {
    try {
      const thread = await this.#start();
      this.#attach(thread);
      if (this.#closing !== undefined) this.#send({ kind: 'close' });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log?.error({ door: this.door, reason }, 'The journal cannot be opened again');
      this.#restartLater();
    }
  }
}
