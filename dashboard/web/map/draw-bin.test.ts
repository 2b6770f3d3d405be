import { describe, expect, test } from 'vitest';
import type { BinSummary } from '../../api/bins.ts';
import { styleOf } from '../bins/state-style.ts';
import { viewBin } from '../bins/bin-view.ts';
import { NOW_MS, makeBin, makeUnknownBin } from '../testing/make-bin.ts';
import { drawBin } from './draw-bin.ts';
import type { BinDrawing } from './draw-bin.ts';
import { createRecordingContext } from './testing/recording-context.ts';
import { TOKEN_PALETTE } from './testing/token-palette.ts';

function draw(bin: BinSummary, change: Partial<BinDrawing> = {}) {
  const recording = createRecordingContext();
  const style = styleOf(viewBin(bin, NOW_MS));
  const label = { level: '85', age: '12 min' };
  const drawing: BinDrawing = {
    x: 100,
    y: 100,
    style,
    label,
    zoomScale: 1.1,
    emphasis: 'none',
    ...change,
  };
  drawBin(recording.context, TOKEN_PALETTE, drawing);
  return recording;
}

const FULL = makeBin({ fillPercent: 85, state: 'full', reasons: ['full'] });
const STALE = makeBin({ fillPercent: 85, state: 'stale', reasons: ['full', 'sensor-silent'] });

describe('a bin on the map', () => {
  test('is filled in the colour of its band, with its level and its age', () => {
    const { has, texts } = draw(FULL);
    expect(has('fillRect', '--band-4')).toBe(true);
    expect(texts()).toEqual(['85', '12 min']);
  });

  test('has no number without an age, from afar neither', () => {
    expect(draw(FULL, { label: null }).texts()).toEqual([]);
  });

  test('that is stale is hatched, in no band’s colour, and keeps level and age', () => {
    const { has, texts, strokes } = draw(STALE);
    expect(has('stroke', '--stale-hatch')).toBe(true);
    expect(strokes.filter(({ colour }) => colour.startsWith('--band'))).toEqual([]);
    expect(texts()).toEqual(['85', '12 min']);
    expect(draw(FULL).has('stroke', '--stale-hatch')).toBe(false);
  });

  test('that is unknown has a question mark and a dashed outline, even from afar', () => {
    for (const label of [{ level: '?', age: '' }, null]) {
      const { texts, strokes } = draw(makeUnknownBin(), { label });
      expect(texts()).toEqual(['?']);
      expect(strokes.some(({ isDashed }) => isDashed)).toBe(true);
      expect(strokes.filter(({ kind }) => kind === 'fillRect')).toEqual([]);
    }
    expect(draw(FULL).strokes.some(({ isDashed }) => isDashed)).toBe(false);
  });

  test('that is overfull has a heap in its colour above the brim', () => {
    const overfull = draw(makeBin({ fillPercent: 120, state: 'overfull', reasons: ['overfull'] }));
    expect(overfull.has('fill', '--band-5')).toBe(true);
    expect(draw(makeBin({ fillPercent: 100, state: 'full' })).has('fill', '--band-5')).toBe(false);
  });

  test('with an alert has a sign with an exclamation mark beside its level', () => {
    const burning = draw(makeBin({ fillPercent: 85, reasons: ['fire'] }));
    expect(burning.texts()).toEqual(['85', '!', '12 min']);
    expect(burning.has('fill', '--alert')).toBe(true);
    expect(draw(FULL).has('fill', '--alert')).toBe(false);
  });

  test('has a dark outline within a light halo, whatever its state', () => {
    for (const bin of [FULL, STALE, makeUnknownBin()]) {
      const colours = draw(bin).strokes.map(({ colour }) => colour);
      expect(colours.indexOf('--marker-halo')).toBeGreaterThanOrEqual(0);
      expect(colours.lastIndexOf('--marker-outline')).toBeGreaterThan(
        colours.indexOf('--marker-halo'),
      );
    }
  });

  test('has a ring when it is pointed at or chosen', () => {
    expect(draw(FULL).has('stroke', '--accent')).toBe(false);
    expect(draw(FULL, { emphasis: 'hovered' }).has('stroke', '--accent')).toBe(true);
    expect(draw(FULL, { emphasis: 'selected' }).has('stroke', '--accent')).toBe(true);
  });
});
