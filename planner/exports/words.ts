import type { Entry, Reason } from './run-sheet.ts';

export const LANGUAGES = ['en', 'sv'] as const;
export type Language = (typeof LANGUAGES)[number];

interface Numbers {
  readonly whole: Intl.NumberFormat;
  readonly oneDecimal: Intl.NumberFormat;
}

/** Everything that an export says in words. */
export interface Words {
  readonly locale: string;
  readonly numbers: Numbers;
  readonly reasons: Record<Reason, string>;
  readonly kinds: Record<Entry['kind'], string>;
  /** Streams that are not known are shown as they are. */
  readonly streams: Readonly<Record<string, string>>;
  readonly runSheet: string;
  readonly vehicle: string;
  readonly stops: string;
  readonly driving: string;
  readonly working: string;
  readonly collected: string;
  readonly reason: string;
  readonly noLevel: string;
  readonly old: string;
  readonly waitsUntil: string;
  readonly sum: string;
  readonly access: string;
  readonly loadAfter: string;
  readonly leftOut: string;
  readonly mustServe: string;
  readonly page: (page: number, pages: number) => string;
  readonly made: string;
  readonly noSketch: string;
  readonly straight: string;
  readonly breaks: string;
  readonly columns: Record<'number' | 'time' | 'place' | 'what' | 'litres' | 'load', string>;
}

const EN: Words = {
  locale: 'en-GB',
  numbers: numbersOf('en-GB'),
  reasons: {
    full: 'full',
    'will-be-full': 'will be full',
    'too-old': 'too old',
    alert: 'alert',
    'asked-for': 'asked for',
    'on-the-way': 'on the way',
  },
  kinds: { start: 'Start', stop: 'Stop', disposal: 'Unload', break: 'Break', end: 'End' },
  streams: {
    residual: 'residual',
    food: 'food',
    paper: 'paper',
    plastic: 'plastic',
    'clear-glass': 'clear glass',
    'coloured-glass': 'coloured glass',
    metal: 'metal',
    litter: 'litter',
  },
  runSheet: 'Run sheet',
  vehicle: 'Vehicle',
  stops: 'stops',
  driving: 'driving',
  working: 'working',
  collected: 'collected',
  reason: 'Why',
  noLevel: 'level unknown',
  old: 'old',
  waitsUntil: 'waits until',
  sum: 'Totals',
  access: 'Access',
  loadAfter: 'Load after',
  leftOut: 'Not on any route',
  mustServe: 'must be served',
  page: (page, pages) => `Page ${page} of ${pages}`,
  made: 'Made',
  noSketch: 'No positions are known, so there is no map sketch.',
  straight: 'straight lines between the stops, not roads',
  breaks: 'This plan breaks limits',
  columns: {
    number: 'No.',
    time: 'Time',
    place: 'Place',
    what: 'What and why',
    litres: 'Litres',
    load: 'Load after',
  },
};

const SV: Words = {
  locale: 'sv-SE',
  numbers: numbersOf('sv-SE'),
  reasons: {
    full: 'full',
    'will-be-full': 'blir full',
    'too-old': 'för länge sedan',
    alert: 'larm',
    'asked-for': 'beställd',
    'on-the-way': 'på vägen',
  },
  kinds: {
    start: 'Start',
    stop: 'Stopp',
    disposal: 'Tömning av bilen',
    break: 'Rast',
    end: 'Slut',
  },
  streams: {
    residual: 'restavfall',
    food: 'matavfall',
    paper: 'papper',
    plastic: 'plast',
    'clear-glass': 'ofärgat glas',
    'coloured-glass': 'färgat glas',
    metal: 'metall',
    litter: 'skräp',
  },
  runSheet: 'Körlista',
  vehicle: 'Fordon',
  stops: 'stopp',
  driving: 'körning',
  working: 'arbetstid',
  collected: 'insamlat',
  reason: 'Varför',
  noLevel: 'nivå okänd',
  old: 'gammal',
  waitsUntil: 'väntar till',
  sum: 'Summor',
  access: 'Tillträde',
  loadAfter: 'Last efter',
  leftOut: 'Inte på någon rutt',
  mustServe: 'måste tömmas',
  page: (page, pages) => `Sida ${page} av ${pages}`,
  made: 'Skapad',
  noSketch: 'Inga lägen är kända, därför finns ingen kartskiss.',
  straight: 'raka linjer mellan stoppen, inte vägar',
  breaks: 'Planen bryter mot gränser',
  columns: {
    number: 'Nr',
    time: 'Tid',
    place: 'Plats',
    what: 'Vad och varför',
    litres: 'Liter',
    load: 'Last efter',
  },
};

export const WORDS: Record<Language, Words> = { en: EN, sv: SV };

/** A stream's name in words, or as it is when it is not one of ours. */
export function streamText(words: Words, stream: string): string {
  return Object.hasOwn(words.streams, stream) ? (words.streams[stream] ?? stream) : stream;
}

function numbersOf(locale: string): Numbers {
  return {
    whole: new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }),
    oneDecimal: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }),
  };
}
