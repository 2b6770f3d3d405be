import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ReadingSeries } from '../../api/bins.ts';
import { TOWN_TIME_ZONE } from '../i18n/format.ts';
import type { Translation } from '../i18n/translate.ts';
import { readPalette } from '../map/palette.ts';
import type { Palette } from '../map/palette.ts';
import { usePage, useTranslation } from '../state/page-context.ts';
import { columnsOf, findLoneLevels, stretchColumns } from './chart-data.ts';
import type { ChartColumns } from './chart-data.ts';

interface HistoryChartProps {
  readonly series: ReadingSeries;
  readonly thresholdPercent: number;
  readonly silentAfterSeconds: number;
  /** What the chart says, in words. */
  readonly label: string;
}

const HEIGHT_PX = 180;
/** The scale always reaches past full, so that overfull has a place. */
const TOP_PERCENT = 105;
const THRESHOLD_DASH = [6, 4];
/** From here on the axis tells days instead of hours. */
const LONG_SPAN_SECONDS = 2 * 24 * 3600;

/** The fill as a line; the band around it reaches from the lowest to the highest reading. */
export function HistoryChart(props: HistoryChartProps) {
  const { series, thresholdPercent, silentAfterSeconds, label } = props;
  const { preferences } = usePage();
  const translation = useTranslation();
  const { text, format } = translation;
  const host = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLParagraphElement>(null);
  const theme = preferences.theme.value;
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const [from, to] = [Date.parse(series.from) / 1000, Date.parse(series.to) / 1000];
    const columns = stretchColumns(columnsOf(series, silentAfterSeconds), from, to);
    const threshold = columns.times.map(() => thresholdPercent);
    const palette = readPalette(document.body);
    const onPoint = (index: number | null) => {
      if (!readout.current) return;
      const at = index === null ? undefined : columns.times[index];
      const level = index === null ? undefined : columns.mean[index];
      const isPoint = at !== undefined && level !== undefined && level !== null;
      readout.current.textContent = isPoint
        ? `${format.percent(level)} · ${format.shortTime(at * 1000, to * 1000)}`
        : '';
    };
    const chart = new uPlot(
      makeOptions({ width: element.clientWidth, from, to, columns, palette, translation, onPoint }),
      [columns.times, columns.min, columns.max, columns.mean, threshold],
      element,
    );
    const sizes = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    );
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      chart.destroy();
    };
  }, [series, theme, translation, thresholdPercent, silentAfterSeconds]);
  const isRaw = series.resolutionSeconds === 0;
  return (
    <>
      <div class="chart" ref={host} role="img" aria-label={label} data-chart="history" />
      <div class="chart-legend small muted">
        <span class="chart-legend__line">
          {text(isRaw ? 'history.legendLevel' : 'history.legendMean')}
        </span>
        {!isRaw && <span class="chart-legend__band">{text('history.legendBand')}</span>}
        <span class="chart-legend__threshold">{text('history.legendThreshold')}</span>
        <p class="chart-readout" ref={readout} aria-hidden="true" />
      </div>
    </>
  );
}

interface ChartPlan {
  readonly width: number;
  /** Ends of the span, in seconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly columns: ChartColumns;
  readonly palette: Palette;
  readonly translation: Translation;
  readonly onPoint: (index: number | null) => void;
}

function makeOptions(plan: ChartPlan): uPlot.Options {
  const { width, from, to, columns, palette, onPoint } = plan;
  const { format } = plan.translation;
  const axis = {
    stroke: palette.textMuted,
    font: `11px ${palette.font}`,
    grid: { stroke: palette.groundLine, width: 1 },
    ticks: { show: false },
  };
  const isLong = to - from > LONG_SPAN_SECONDS;
  const tick = new Intl.DateTimeFormat(format.locale, {
    timeZone: TOWN_TIME_ZONE,
    ...(isLong ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' }),
  });
  const hidden = { stroke: 'transparent', points: { show: false } };
  const dots = { size: 5, fill: palette.accent, filter: findLoneLevels(columns.mean) };
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), TOWN_TIME_ZONE),
    scales: {
      x: { range: [from, to] },
      y: { range: (_, __, max) => [0, Math.max(TOP_PERCENT, Math.ceil(max / 10) * 10)] },
    },
    axes: [
      {
        ...axis,
        space: 64,
        size: 26,
        values: (_, splits) => splits.map((at) => tick.format(at * 1000)),
      },
      { ...axis, size: 46, values: (_, splits) => splits.map((fill) => format.percent(fill)) },
    ],
    series: [
      {},
      hidden,
      hidden,
      { stroke: palette.accent, width: 2, points: dots },
      { stroke: palette.text, width: 1.5, dash: THRESHOLD_DASH, points: { show: false } },
    ],
    bands: [{ series: [2, 1], fill: withAlpha(palette.accent) }],
    hooks: { setCursor: [(chart) => onPoint(chart.cursor.idx ?? null)] },
  };
}

/** The colour, mostly transparent. */
function withAlpha(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.18)');
}
