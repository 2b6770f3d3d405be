import { styleText } from 'node:util';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** Fields that every line has and nobody reads. */
const SILENT_FIELDS = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'part']);

type Fields = Readonly<Record<string, unknown>>;

/** One line of pino's JSON as a line for people; any other text as it is. Time is the local time of day. */
export function formatLogLine(line: string, colour: boolean): string {
  const fields = parseFields(line);
  if (fields === undefined) return line;
  const { level, time, msg } = fields;
  const name = (typeof level === 'number' && LEVELS[level]) || 'info';
  const rest = Object.entries(fields)
    .filter(([key]) => !SILENT_FIELDS.has(key))
    .map(([key, value]) => `${key}=${formatValue(value)}`)
    .join(' ');
  const text = typeof msg === 'string' ? msg : '';
  const head = `${timeOfDay(time)} ${colourLevel(name, colour)} ${text}`;
  return rest === '' ? head : `${head} ${colour ? styleText('gray', rest, ALWAYS) : rest}`;
}

/** The caller has decided about colours. */
const ALWAYS = { validateStream: false } as const;

function colourLevel(name: string, colour: boolean): string {
  const padded = name.padEnd(5);
  if (!colour) return padded;
  if (name === 'error' || name === 'fatal') return styleText('red', padded, ALWAYS);
  if (name === 'warn') return styleText('yellow', padded, ALWAYS);
  return styleText(name === 'info' ? 'green' : 'gray', padded, ALWAYS);
}

function parseFields(line: string): Fields | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    // Safe: a text that starts with a brace and parses is an object.
    return value as Fields;
  } catch {
    return undefined;
  }
}

function timeOfDay(time: unknown): string {
  if (typeof time !== 'number') return '--:--:--';
  return new Date(time).toLocaleTimeString('sv-SE');
}

function formatValue(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'message' in value) {
    return JSON.stringify(value.message);
  }
  if (typeof value === 'string') return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? 'undefined';
}
