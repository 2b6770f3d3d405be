import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { CommitReply, CommitRequest, CommitWorkerData } from './commit-protocol.ts';
import { encodeEntries, entrySize } from './entry-batch.ts';
import { journalPaths } from './journal-file.ts';
import type { JournalEntry } from './record.ts';

/** One commit: enough to make an fsync cheap per record, little enough to keep it short. */
const MAX_BATCH_RECORDS = 1_000;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Beyond these an append is refused: whoever sends must wait. */
const DEFAULT_MAX_PENDING_RECORDS = 20_000;
const DEFAULT_MAX_PENDING_BYTES = 64 * 1024 * 1024;

export interface JournalWriterOptions {
  /** Folder of the journals, created when absent. */
  readonly folder: string;
  /** Name of the door, such as `mqtt`: the file is `<door>.sqlite`. */
  readonly door: string;
  readonly log?: Pick<Logger, 'info' | 'error'>;
  readonly maxPendingRecords?: number;
  readonly maxPendingBytes?: number;
  /** Told after each commit: how many records it made durable, and how long it took. */
  readonly onCommit?: (commit: { readonly records: number; readonly durationMs: number }) => void;
}

/** The only writer of a door's journal. */
export interface JournalWriter {
  /** Names this file for ever; cursors go by it. */
  readonly id: string;
  readonly door: string;
  readonly file: string;
  /** Number of the newest durable record, 0 at first. */
  readonly newestSeq: number;
  /** Appends that are not durable yet. */
  readonly pendingRecords: number;
  readonly pendingBytes: number;
  /** Whether an append now would be taken, as far as the bounds go. */
  readonly hasRoom: boolean;
  /** Whether the last commit failed; the next one that goes well ends it. */
  readonly failing: boolean;
  /**
   * Resolves when the entry is on disk, in the order of the calls. Rejects when the commit failed or there is no room: the entry
   * is then not acknowledged, though a later one may be. The payload must not be changed until then.
   */
  append(entry: JournalEntry): Promise<void>;
  /** Deletes records up to a number, in small steps between commits. Numbers go on from the newest. */
  prune(throughSeq: number): Promise<void>;
  /** Commits what was appended, then lets go of the door. */
  close(): Promise<void>;
}

/** An append failed: the entry is not durable. `code` is SQLite's, or `NO_ROOM`, `CLOSED`, `WORKER`. */
export class JournalError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'JournalError';
    this.code = code;
  }
}

/** Opens a door's journal. Rejects when another writer has it, or when the disk cannot keep it. */
export async function openJournalWriter(options: JournalWriterOptions): Promise<JournalWriter> {
  const paths = journalPaths(options.folder, options.door);
  const workerData: CommitWorkerData = { ...paths, door: options.door };
  const worker = new Worker(new URL('./commit-worker.ts', import.meta.url), { workerData });
  // Safe: the worker's first message is this one; when it cannot open, `once` rejects with its error.
  const [opened] = (await once(worker, 'message')) as [CommitReply];
  if (opened.kind !== 'opened') throw new Error(`The journal's worker began with ${opened.kind}`);
  return new WorkerJournalWriter(options, paths.file, worker, opened);
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

class WorkerJournalWriter implements JournalWriter {
  readonly id: string;
  readonly door: string;
  readonly file: string;
  newestSeq: number;
  failing = false;
  pendingRecords = 0;
  pendingBytes = 0;
  readonly #options: JournalWriterOptions;
  readonly #worker: Worker;
  readonly #queue: PendingAppend[] = [];
  readonly #prunes: PendingPrune[] = [];
  /** What the worker is busy with. */
  #committing: PendingAppend[] = [];
  #busyWith: CommitRequest['kind'] | undefined;
  #scheduled = false;
  #pruneIsNext = false;
  #closing: PromiseWithResolvers<void> | undefined;
  #broken: JournalError | undefined;

  constructor(
    options: JournalWriterOptions,
    file: string,
    worker: Worker,
    opened: Extract<CommitReply, { kind: 'opened' }>,
  ) {
    this.#options = options;
    this.door = options.door;
    this.file = file;
    this.id = opened.id;
    this.newestSeq = opened.newestSeq;
    this.#worker = worker;
    worker.on('message', (reply: CommitReply) => this.#onReply(reply));
    worker.on('error', (error) => this.#breakDown(error.message));
    worker.on('exit', () => this.#onExit());
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
    if (this.#broken !== undefined) return this.#broken;
    if (this.#closing !== undefined) return new JournalError('CLOSED', 'The journal is closed');
    if (!this.hasRoom) return new JournalError('NO_ROOM', 'Too much is waiting for the disk');
    return undefined;
  }

  prune(throughSeq: number): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    if (this.#closing !== undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#prunes.push({ throughSeq, resolve, reject });
      this.#schedule();
    });
  }

  close(): Promise<void> {
    if (this.#broken !== undefined) return Promise.resolve();
    this.#closing ??= Promise.withResolvers<void>();
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
    if (this.#busyWith !== undefined || this.#broken !== undefined) return;
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
    this.#worker.postMessage(request, transfer);
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

  #onExit(): void {
    if (this.#closing !== undefined && this.#queue.length === 0) this.#closing.resolve();
    else this.#breakDown('its worker ended');
  }

  /** The worker is gone: nothing can become durable any more, and everybody waiting must know. */
  #breakDown(reason: string): void {
    if (this.#broken !== undefined) return;
    this.#broken = new JournalError('WORKER', `The journal broke down: ${reason}`);
    this.failing = true;
    this.#options.log?.error({ door: this.door, reason }, 'The journal broke down');
    const waiting = [...this.#committing, ...this.#queue.splice(0), ...this.#prunes.splice(0)];
    for (const { reject } of waiting) reject(this.#broken);
    this.#closing?.resolve();
  }
}
