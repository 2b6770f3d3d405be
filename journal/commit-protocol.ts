import type { MovedAside } from './damage.ts';

/** What the writer tells its thread; each gets one {@link CommitReply}, in order. */
export type CommitRequest =
  | { readonly kind: 'append'; readonly block: Uint8Array }
  | { readonly kind: 'prune'; readonly throughSeq: number }
  /** Numbers up to this one are not given out any more. */
  | { readonly kind: 'skip'; readonly throughSeq: number }
  | { readonly kind: 'close' };

export type CommitReply =
  | {
      readonly kind: 'opened';
      readonly id: string;
      readonly newestSeq: number;
      /** The file that was there before, when it was damaged. */
      readonly movedAside: MovedAside | undefined;
    }
  | { readonly kind: 'committed'; readonly newestSeq: number; readonly durationMs: number }
  | { readonly kind: 'pruned'; readonly more: boolean }
  | { readonly kind: 'skipped'; readonly newestSeq: number }
  | { readonly kind: 'closed' }
  /** Nothing of the request was kept. `code` is SQLite's, such as `SQLITE_FULL`. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

export interface CommitWorkerData {
  readonly file: string;
  readonly lockFile: string;
  readonly door: string;
}
