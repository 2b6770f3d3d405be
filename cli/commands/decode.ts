import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { findImpossible } from '../../domain/measurement.ts';
import type { Measurement } from '../../domain/measurement.ts';
import { codecForAlias, CODECS, findCodec } from '../../ingest/codecs/registry.ts';
import { decodeHex } from '../../ingest/envelopes/hex.ts';
import { wholeArgument } from '../arguments.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { formatTable, formatTime, print, printJson } from '../print.ts';
import { modelName } from '../registry/add-device.ts';

/** LoRaWAN's ports go to 223 for applications, and to 255 on the wire (LoRaWAN 1.0.4, 4.3.2). */
const LAST_PORT = 255;

interface DecodeOptions {
  readonly model?: string;
  readonly fport?: number;
  readonly list?: true;
  readonly json?: true;
}

export function addDecodeCommand(program: Command): void {
  program
    .command('decode')
    .description('read the bytes of one sensor frame, as ingest would; needs no database')
    .argument(
      '[hex]',
      'the bytes in hexadecimal; blanks, colons and hyphens are let pass',
      hexArgument,
    )
    .option('--model <model>', 'whose bytes they are, such as milesight/em400-mud')
    .option('--fport <port>', 'the LoRaWAN port they came on', wholeArgument(0, LAST_PORT))
    .option('--list', 'all models instead')
    .option('--json', 'the list as JSON')
    .action(decode);
}

function decode(bytes: Uint8Array | undefined, options: DecodeOptions): void {
  if (options.list) return listModels(options.json === true);
  if (options.model === undefined) throw new Refusal(EXIT.usage, 'say --model, or --list');
  if (bytes === undefined) throw new Refusal(EXIT.usage, 'the bytes are missing');
  const model = modelName(options.model);
  const codec = findCodec(model) ?? codecForAlias(model);
  if (codec === undefined) throw new Refusal(EXIT.usage, `There is no codec for ${model}`);
  const result = codec.decode(bytes, options.fport);
  if (!result.ok) throw new Refusal(EXIT.failure, `${codec.name}: ${result.reason}`);
  const impossible = result.measurements.map(findImpossible).find((what) => what !== undefined);
  if (impossible !== undefined) throw new Refusal(EXIT.failure, `${codec.name}: ${impossible}`);
  printJson({ model, ...describeFrame(result.measurements) });
}

/** The present of a frame, with what was kept from before under `history`. */
function describeFrame(measurements: readonly Measurement[]): object {
  const present =
    measurements.findLast(({ observedAtMs }) => observedAtMs === undefined) ??
    measurements.toSorted((a, b) => (b.observedAtMs ?? 0) - (a.observedAtMs ?? 0))[0];
  if (present === undefined) return { kind: 'status', ...describeMeasurement({}) };
  const earlier = measurements.filter((measurement) => measurement !== present);
  return {
    kind: 'reading',
    ...describeMeasurement(present),
    ...(earlier.length > 0 && { history: earlier.map(describeMeasurement) }),
  };
}

function describeMeasurement(measurement: Measurement): object {
  return {
    observedAt: formatTime(measurement.observedAtMs ?? null),
    distanceMm: measurement.distanceMm ?? null,
    fillPercent: measurement.fillPercent ?? null,
    temperatureC: measurement.temperatureC ?? null,
    batteryV: measurement.batteryV ?? null,
    batteryPercent: measurement.batteryPercent ?? null,
    tilted: measurement.tilted ?? null,
    alarms: measurement.alarms ?? [],
    sensorFault: measurement.sensorFault ?? null,
    ...measurement.extras,
  };
}

function listModels(asJson: boolean): void {
  const models = CODECS.map(({ model, name, maker, evidence }) => ({
    model,
    name,
    maker,
    evidence,
  }));
  if (asJson) return printJson(models);
  const cells = models.map(({ model, name, evidence }) => [model, name, evidence]);
  print(formatTable(['MODEL', 'NAME', 'EVIDENCE'], cells));
}

function hexArgument(text: string): Uint8Array {
  const digits = text.replaceAll(/[\s:-]/g, '').replace(/^0x/i, '');
  const bytes = decodeHex(digits);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError('Bytes are pairs of the digits 0-9 and a-f.');
}
