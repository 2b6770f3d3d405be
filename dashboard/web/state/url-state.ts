import { BIN_STATES } from '../../../domain/bin-state.ts';
import { STREAMS } from '../../../domain/stream.ts';
import { NO_FILTER } from '../bins/bin-filter.ts';
import type { BinFilter } from '../bins/bin-filter.ts';
import { BIN_SORTS } from '../bins/bin-sort.ts';
import type { BinSort } from '../bins/bin-sort.ts';
import { parseLanguage } from '../i18n/language.ts';
import type { Language } from '../i18n/language.ts';

/** Centre and zoom of the map. */
export interface MapView {
  readonly lat: number;
  readonly lng: number;
  readonly zoom: number;
}

/** Everything a link to the page carries. */
export interface UrlState {
  readonly filter: BinFilter;
  readonly sort: BinSort;
  /** The bin whose drawer is open. */
  readonly binId: string | null;
  /** The reading whose trace is open. */
  readonly readingId: number | null;
  /** `null`: nobody chose a view, so the map shows all bins. */
  readonly mapView: MapView | null;
  /** `null`: the language of the browser or of an earlier visit. */
  readonly language: Language | null;
}

/** The page as it opens without anything in its address. */
export const START: UrlState = {
  filter: NO_FILTER,
  sort: 'urgency',
  binId: null,
  readingId: null,
  mapView: null,
  language: null,
};

/** A metre or so: finer digits only make links longer. */
const COORDINATE_DIGITS = 5;
/** Latitude at which the map's Mercator square ends. */
const MAX_MERCATOR_LAT = 85.06;
const MAX_ZOOM = 20;

/** Reads the query of an address. What makes no sense is left out, never an error: links get mangled in mails. */
export function parseUrlState(search: string): UrlState {
  const query = new URLSearchParams(search);
  const wanted = query.get('state')?.split(',') ?? [];
  return {
    filter: {
      states: BIN_STATES.filter((state) => wanted.includes(state)),
      stream: STREAMS.find((stream) => stream === query.get('stream')) ?? null,
      area: query.get('area') || null,
      text: query.get('q') ?? '',
    },
    sort: BIN_SORTS.find((sort) => sort === query.get('sort')) ?? START.sort,
    binId: query.get('bin') || null,
    readingId: parseReadingId(query.get('reading')),
    mapView: parseMapView(query.get('map')),
    language: parseLanguage(query.get('lang')) ?? null,
  };
}

/** Writes the query of an address: only what differs from the start, `''` when nothing does. */
export function formatUrlState(state: UrlState): string {
  const { filter, mapView } = state;
  const parts: [name: string, value: string | number | null][] = [
    ['state', filter.states.join(',')],
    ['stream', filter.stream],
    ['area', filter.area],
    ['q', filter.text],
    ['sort', state.sort === START.sort ? null : state.sort],
    ['bin', state.binId],
    ['reading', state.readingId],
    ['map', mapView === null ? null : formatMapView(mapView)],
    ['lang', state.language],
  ];
  const query = parts
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}=${encodeForQuery(String(value))}`)
    .join('&');
  return query === '' ? '' : `?${query}`;
}

function parseReadingId(text: string | null): number | null {
  if (text === null || !/^\d{1,15}$/.test(text)) return null;
  return Number(text);
}

function parseMapView(text: string | null): MapView | null {
  const match = /^(\d{1,2}(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/.exec(text ?? '');
  if (!match) return null;
  const [zoom, lat, lng] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (zoom > MAX_ZOOM || Math.abs(lat) > MAX_MERCATOR_LAT || Math.abs(lng) > 180) return null;
  return { zoom, lat, lng };
}

/** A map can be pulled past the pole and around the world; its link names the same place within the bounds. */
function formatMapView({ zoom, lat, lng }: MapView): string {
  const within = Math.max(-MAX_MERCATOR_LAT, Math.min(MAX_MERCATOR_LAT, lat));
  const turns = Math.abs(lng) > 180 ? Math.round(lng / 360) : 0;
  const degrees = [within, lng - turns * 360].map((each) => each.toFixed(COORDINATE_DIGITS));
  return [zoom, ...degrees].join('/');
}

/** Half of a surrogate pair, which no address can hold; it occurs while an emoji is typed or deleted. */
const HALF_SIGN = /\p{Surrogate}/gu;

/** Commas and slashes are allowed in a query (RFC 3986, 3.4), and links stay readable with them. */
function encodeForQuery(text: string): string {
  const whole = text.replaceAll(HALF_SIGN, '\ufffd');
  return encodeURIComponent(whole).replaceAll('%2C', ',').replaceAll('%2F', '/');
}
