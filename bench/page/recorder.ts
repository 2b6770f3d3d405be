/** What the recorder in the page has seen, times in ms since the navigation. */
export interface Recording {
  /** When the first bins were on the map. */
  readonly drawnMs: number;
  /** Time between frames, each. */
  readonly frameMs: readonly number[];
  /** When the map was drawn last. */
  readonly lastDrawMs: number;
  /** When the recording began. */
  readonly beginMs: number;
  /** Tasks of 50 ms and more, in which the page does not answer (W3C Long Tasks). */
  readonly longTasksMs: readonly number[];
  /** How many bins and clusters are on the map. */
  readonly points: number;
}

/**
 * Runs in the page before its own scripts, and only watches: the attributes in which the map says what it has drawn, frames,
 * and long tasks. `bench.begin()` starts a recording, `bench.end()` returns a {@link Recording}.
 */
export const RECORDER = `
globalThis.bench = (() => {
  const seen = { drawnMs: NaN, frameMs: [], lastDrawMs: 0, beginMs: 0, longTasksMs: [], points: 0 };
  new MutationObserver((records) => {
    for (const { target, attributeName } of records) {
      if (attributeName === 'data-ready') {
        // The frame in which it is set has yet to be shown.
        if (Number.isNaN(seen.drawnMs)) requestAnimationFrame(() => (seen.drawnMs = performance.now()));
        continue;
      }
      seen.lastDrawMs = performance.now();
      seen.points = Number(target.dataset.drawnBins ?? 0) + Number(target.dataset.drawnClusters ?? 0);
    }
  }).observe(document, { subtree: true, attributeFilter: ['data-ready', 'data-drawn-bins'] });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      if (startTime >= seen.beginMs) seen.longTasksMs.push(duration);
    }
  }).observe({ type: 'longtask', buffered: true });
  let recording = 0;
  const watchFrames = () => {
    const mine = ++recording;
    let lastMs;
    const frame = (nowMs) => {
      if (mine !== recording) return;
      if (lastMs !== undefined) seen.frameMs.push(nowMs - lastMs);
      lastMs = nowMs;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  watchFrames();
  return {
    begin() {
      Object.assign(seen, { frameMs: [], beginMs: performance.now(), longTasksMs: [] });
      watchFrames();
    },
    end() {
      recording += 1;
      return seen;
    },
    get drawnMs() { return seen.drawnMs; },
    get quietMs() { return performance.now() - Math.max(seen.lastDrawMs, seen.beginMs); },
  };
})();
`;
