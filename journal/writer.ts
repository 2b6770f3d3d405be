import type { CommitReply, CommitRequest, CommitWorkerData } from './commit-protocol.ts';
import { startCommitThread } from './commit-thread.ts';
import type { CommitThread, StoredThrough } from './commit-thread.ts';
import { encodeEntries, entrySize } from './entry-batch.ts';
import { journalPaths } from './journal-file.ts';
import { JournalError } from './journal-writer.ts';
import type { JournalWriter, JournalWriterOptions } from './journal-writer.ts';
import type { JournalEntry } from './record.ts';

/** One commit: enough to make an fsync cheap per record, little enough to keep it short. */
const MAX_BATCH_RECORDS = 1_000;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Beyond these an append is refused: whoever sends must wait. */
const DEFAULT_MAX_PENDING_RECORDS = 20_000;
const DEFAULT_MAX_PENDING_BYTES = 64 * 1024 * 1024;

/** Pause before the thread that commits is started again after its end. */
const RESTART_MS = 1_000;

/** Opens a door's journal. Rejects when another writer has it, or when the disk cannot keep it. */
export async function openJournalWriter(options: JournalWriterOptions): Promise<JournalWriter> {
  const paths = journalPaths(options.folder, options.door);
  const start = startThreads({ ...paths, door: options.door }, options.storedThrough);
  return new ThreadJournalWriter(options, paths.file, start, await start());
}

type StartThread = () => Promise<CommitThread>;

function startThreads(data: CommitWorkerData, storedThrough?: StoredThrough): StartThread {
  return () => startCommitThread(data, storedThrough ?? (() => Promise.resolve(0)));
}

interface PendingAppend {
  readonly entry: JournalEntry;
  readonly size: number;
  readonly resolve: () => void;
  readonly reject: (error: JournalError) => void;
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
  readonly #queue: PendingAppend[] = [];
  readonly #prunes: PendingPrune[] = [];
  /** What the thread is busy with. */
  #committing: PendingAppend[] = [];
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
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const size = entrySize(entry);
      this.#queue.push({ entry, size, resolve, reject });
      this.pendingRecords += 1;
      this.pendingBytes += size;
      this.#schedule();
    });
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
    if (this.#queue.length > 0) {
      this.#pruneIsNext = true;
      this.#committing = this.#takeBatch();
      const block = encodeEntries(this.#committing.map(({ entry }) => entry));
      this.#send({ kind: 'append', block }, [block.buffer]);
      return;
    }
    if (this.#closing !== undefined) this.#send({ kind: 'close' });
  }

  #takeBatch(): PendingAppend[] {
    let records = 0;
    let bytes = 0;
    for (const { size } of this.#queue) {
      if (records === MAX_BATCH_RECORDS || (records > 0 && bytes + size > MAX_BATCH_BYTES)) break;
      records += 1;
      bytes += size;
    }
    return this.#queue.splice(0, records);
  }

  #send(request: CommitRequest, transfer: ArrayBuffer[] = []): void {
    this.#busyWith = request.kind;
    this.#thread?.worker.postMessage(request, transfer);
  }

  #onReply(reply: CommitReply): void {
    const busyWith = this.#busyWith;
    this.#busyWith = undefined;
    if (busyWith === 'append') this.#endAppend(reply);
    if (busyWith === 'prune') this.#endPrune(reply);
    if (reply.kind !== 'closed') this.#pump();
  }

  #endAppend(reply: CommitReply): void {
    const batch = this.#committing;
    this.#committing = [];
    this.pendingRecords -= batch.length;
    for (const { size } of batch) this.pendingBytes -= size;
    if (reply.kind === 'committed') {
      if (this.failing) this.#options.log?.info({ door: this.door }, 'The journal works again');
      this.failing = false;
      this.newestSeq = reply.newestSeq;
      this.#options.onCommit?.({ records: batch.length, durationMs: reply.durationMs });
      for (const { resolve } of batch) resolve();
      return;
    }
    const error = this.#noteFailure(reply);
    for (const { reject } of batch) reject(error);
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
    const waiting = [...this.#committing, ...this.#queue.splice(0), ...this.#prunes.splice(0)];
    this.#committing = [];
    this.#busyWith = undefined;
    this.pendingRecords = 0;
    this.pendingBytes = 0;
    for (const { reject } of waiting) reject(this.#broken);
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
