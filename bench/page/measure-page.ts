import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { percentile } from '../statistics.ts';
import { RECORDER } from './recorder.ts';
import type { Recording } from './recorder.ts';

const WINDOW = { width: 1200, height: 800 };
const DEADLINE_MS = 120_000;

/** How one movement of the map went. */
export interface Movement {
  readonly medianFrameMs: number;
  readonly worstFrameMs: number;
  /** From the first touch until the map was drawn for the last time. */
  readonly durationMs: number;
}

/** What one visit to the page gave. */
export interface PageFigures {
  /** From navigation until bins are on the map. */
  readonly drawnMs: number;
  /** The longest time until then in which the page did not answer. */
  readonly longestTaskMs: number;
  readonly heapMib: number;
  readonly points: number;
  readonly pan: Movement;
  readonly zoom: Movement;
  readonly nearPoints: number;
  readonly nearPan: Movement;
}

/**
 * Opens the page in a fresh profile, drags the map once, zooms in twice by the wheel, and drags again.
 * @param slowdown how many times slower the page's own thread is made; 1 leaves it alone
 */
export async function measurePage(
  browser: Browser,
  url: string,
  slowdown: number,
): Promise<PageFigures> {
  const context = await browser.newContext({ viewport: WINDOW, deviceScaleFactor: 1 });
  try {
    const page = await context.newPage();
    const devTools = await context.newCDPSession(page);
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await page.addInitScript(RECORDER);
    await page.goto(url, { waitUntil: 'commit' });
    await waitUntil(page, 'bench.drawnMs > 0');
    await settle(page);
    const load = await endRecording(page);
    const heapMib = await readHeapMib(devTools);
    const pan = await record(page, () => dragMap(page, 'left'));
    await dragMap(page, 'right');
    await settle(page);
    const zoom = await record(page, () => zoomMap(page));
    const nearPan = await record(page, () => dragMap(page, 'left'));
    return {
      drawnMs: load.drawnMs,
      longestTaskMs: Math.max(0, ...load.longTasksMs),
      heapMib,
      points: load.points,
      pan: toMovement(pan),
      zoom: toMovement(zoom),
      nearPoints: nearPan.points,
      nearPan: toMovement(nearPan),
    };
  } finally {
    await context.close();
  }
}

function toMovement({ frameMs, beginMs, lastDrawMs }: Recording): Movement {
  return {
    medianFrameMs: percentile(frameMs, 50),
    worstFrameMs: Math.max(...frameMs),
    durationMs: lastDrawMs - beginMs,
  };
}

async function record(page: Page, move: () => Promise<void>): Promise<Recording> {
  await page.evaluate('bench.begin()');
  await move();
  await settle(page);
  return endRecording(page);
}

async function endRecording(page: Page): Promise<Recording> {
  return page.evaluate<Recording>('bench.end()');
}

/** The map is drawn anew every five seconds by itself, for the ages; a pause of this length means that it has come to rest. */
const QUIET_MS = 800;

async function settle(page: Page): Promise<void> {
  await waitUntil(page, `bench.quietMs > ${QUIET_MS}`);
}

const POLL_MS = 50;

/** Playwright's own waiting would evaluate code within the page, which the page's security policy forbids. */
async function waitUntil(page: Page, condition: string): Promise<void> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  while (!(await page.evaluate<boolean>(condition))) {
    if (performance.now() > deadlineMs) throw new Error(`The page never reached ${condition}`);
    await wait(POLL_MS);
  }
}

const DRAG_STEPS = 30;
const DRAG_STEP_PX = 12;
const FRAME_MS = 1000 / 60;

/** Half a second of dragging, a move for every frame. */
async function dragMap(page: Page, direction: 'left' | 'right'): Promise<void> {
  const { x, y } = await mapCentre(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= DRAG_STEPS; step += 1) {
    const shiftPx = step * (direction === 'left' ? -DRAG_STEP_PX : DRAG_STEP_PX);
    await Promise.all([page.mouse.move(x + shiftPx, y), wait(FRAME_MS)]);
  }
  await page.mouse.up();
}

const WHEEL_PX = -400;

async function zoomMap(page: Page): Promise<void> {
  const { x, y } = await mapCentre(page);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, WHEEL_PX);
}

async function mapCentre(page: Page): Promise<{ readonly x: number; readonly y: number }> {
  const box = await page.locator('section.map').boundingBox();
  if (!box) throw new Error('There is no map on the page');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function readHeapMib(devTools: CDPSession): Promise<number> {
  await devTools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devTools.send('Runtime.getHeapUsage');
  return usedSize / 2 ** 20;
}
