import type { CommandRequest } from '../../domain/command.ts';
import { EXIT, Refusal } from '../exit-codes.ts';

/** What can be sent, by the name on the command line. */
const SETTABLES: Readonly<
  Record<string, { readonly help: string; readonly toRequest: (value: number) => CommandRequest }>
> = {
  'set-interval': {
    help: 'seconds between reports',
    toRequest: (seconds) => ({ kind: 'set-report-interval', seconds }),
  },
  'set-measure-interval': {
    help: 'seconds between measurements',
    toRequest: (seconds) => ({ kind: 'set-measure-interval', seconds }),
  },
  'set-full-threshold': {
    help: 'mm from the sensor: nearer is full',
    toRequest: (distanceMm) => ({ kind: 'set-full-threshold', distanceMm }),
  },
  'set-fire-threshold': {
    help: '°C from which it burns',
    toRequest: (temperatureC) => ({ kind: 'set-fire-threshold', temperatureC }),
  },
  'set-tilt-threshold': {
    help: 'degrees from which it has fallen over',
    toRequest: (degrees) => ({ kind: 'set-tilt-threshold', degrees }),
  },
  'set-height': {
    help: 'mm from the sensor to the floor of the empty bin',
    toRequest: (distanceMm) => ({ kind: 'set-empty-distance', distanceMm }),
  },
  'set-blind-zone': {
    help: 'mm from the sensor within which it cannot measure',
    toRequest: (distanceMm) => ({ kind: 'set-blind-zone', distanceMm }),
  },
};

const RAW_HELP = 'bytes in hexadecimal, as the manual of the maker has them';

export const SETTABLE_HELP = [
  '',
  'What can be asked for (docs/commands.md says of which model):',
  ...Object.entries(SETTABLES).map(([name, { help }]) => `  ${name.padEnd(22)} ${help}`),
  `  ${'raw'.padEnd(22)} ${RAW_HELP}`,
].join('\n');

/** What is asked for on the command line. Throws a {@link Refusal} for what makes no sense. */
export function toCommandRequest(asked: {
  readonly what: string;
  readonly value: string;
  readonly fPort: number | undefined;
}): CommandRequest {
  const { what, value, fPort } = asked;
  if (what === 'raw') {
    if (!/^([0-9a-f]{2})+$/i.test(value)) {
      throw new Refusal(EXIT.usage, `raw takes bytes in hexadecimal, such as ff10ff, not ${value}`);
    }
    const bytes = Buffer.from(value, 'hex');
    return { kind: 'raw', bytes, ...(fPort !== undefined && { fPort }) };
  }
  const settable = Object.hasOwn(SETTABLES, what) ? SETTABLES[what] : undefined;
  if (settable === undefined) {
    const names = [...Object.keys(SETTABLES), 'raw'].join(', ');
    throw new Refusal(EXIT.usage, `there is no command ${what}; there are ${names}`);
  }
  if (fPort !== undefined) throw new Refusal(EXIT.usage, '--fport is for raw bytes');
  if (!/^\d{1,9}$/.test(value)) {
    throw new Refusal(EXIT.usage, `${what} takes a whole number (${settable.help}), not ${value}`);
  }
  return settable.toRequest(Number(value));
}
