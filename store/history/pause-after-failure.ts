import type { LevelSource } from './levels.ts';

/** A server that is away is asked again after this; in between nobody waits for it. */
const PAUSE_MS = 10_000;

/** A source that has failed rejects at once for a while, so that a server that hangs does not hold up every chart. */
export function pauseAfterFailure(
  source: LevelSource,
  now: () => number,
  pauseMs = PAUSE_MS,
): LevelSource {
  let failed: { readonly atMs: number; readonly error: unknown } | undefined;
  async function ask<T>(question: () => Promise<T>): Promise<T> {
    // A clock that was set back must not make it a long pause.
    if (failed !== undefined && Math.abs(now() - failed.atMs) < pauseMs) throw failed.error;
    try {
      const answer = await question();
      failed = undefined;
      return answer;
    } catch (error) {
      failed = { atMs: now(), error };
      throw error;
    }
  }
  return {
    readRaw: (...question) => ask(() => source.readRaw(...question)),
    readBuckets: (...question) => ask(() => source.readBuckets(...question)),
  };
}
