import type { FileReport } from '../../ingest/history/file-report.ts';
import type { Registrations } from '../../ingest/history/register-devices.ts';
import type { SurplusDay } from '../../ingest/history/surplus-days.ts';

/** A list longer than this is for `--json`. */
const MOST_SHOWN = 10;

/** What became of a file, in lines for people. */
export function describeFile(file: string, report: FileReport, dryRun: boolean): string {
  const { records, devices, firstAt, lastAt, seconds, recordsPerSecond } = report;
  const span = firstAt === null ? '' : `, ${firstAt} to ${lastAt}`;
  const ofDevices = devices === 0 ? '' : ` of ${count(devices, 'device')}`;
  const lines = [
    `${count(records, 'record')}${ofDevices}${span}`,
    ...describeOutcome(report, dryRun),
    ...describeReasons(report),
    ...describeSurplus(report),
    ...describeBadRows(report),
    ...(dryRun ? [] : [`${seconds} s, ${number(recordsPerSecond)} records a second`]),
  ];
  return [file, ...lines.map((line) => `  ${line}`)].map(printable).join('\n');
}

function describeOutcome(report: FileReport, dryRun: boolean): string[] {
  if (dryRun) return ['nothing was stored'];
  const { stored, duplicate, quarantined, earlier, complete, records } = report;
  const aside = Object.values(quarantined).reduce((sum, some) => sum + some, 0);
  const lines = [
    `${number(stored)} stored, ${count(duplicate, 'duplicate')}, ${number(aside)} set aside`,
    ...Object.entries(quarantined).map(([reason, some]) => `  ${reason}: ${number(some)}`),
  ];
  if (earlier > 0) lines.push(`${number(earlier)} were taken by an earlier run`);
  if (!complete) lines.push(`stopped after ${count(records, 'record')}`);
  return lines;
}

function describeReasons({ reasons, withoutLevel }: FileReport): string[] {
  const named = Object.entries(reasons).map(([reason, some]) => `${reason} ${number(some)}`);
  const lines = named.length === 0 ? [] : [`reasons in the rows: ${named.join(', ')}`];
  if (withoutLevel > 0) lines.push(`${count(withoutLevel, 'row')} without a level`);
  return lines;
}

function describeSurplus({ surplus }: FileReport): string[] {
  if (surplus.binDays === 0) return [];
  const { rows, binDays, contradicting } = surplus;
  const rest = contradicting.length === 0 ? '' : `; ${contradicting.length} contradict themselves:`;
  const shown = contradicting.slice(0, MOST_SHOWN).map(describeDay);
  return [`${number(rows)} surplus rows on ${count(binDays, 'bin-day')}${rest}`, ...shown];
}

function describeDay({ deviceId, day, values }: SurplusDay): string {
  const said = values.map(
    ({ value, rows, line }) => `"${value}" in ${count(rows, 'row')} from line ${line}`,
  );
  return `  ${deviceId} on ${day}: ${said.join(', ')}`;
}

function describeBadRows({ badRows }: FileReport): string[] {
  if (badRows.count === 0) return [];
  const shown = badRows.first.slice(0, MOST_SHOWN).map((row) => `  ${row}`);
  const left = badRows.count - shown.length;
  return [
    `${count(badRows.count, 'record')} could not be read:`,
    ...shown,
    ...(left > 0 ? [`  and ${number(left)} more`] : []),
  ];
}

/** What became known, in lines for people. */
export function describeRegistrations(registrations: Registrations): string {
  const { created, withoutBin, resolved } = registrations;
  const lines = [`${count(created.length, 'device')} registered and mounted`];
  for (const { deviceId, binId } of created.slice(0, MOST_SHOWN)) {
    lines.push(`  ${deviceId} in ${binId}`);
  }
  if (created.length > MOST_SHOWN) lines.push(`  and ${created.length - MOST_SHOWN} more`);
  if (resolved > 0) lines.push(`${number(resolved)} of their messages came out of the quarantine`);
  if (withoutBin.length > 0) {
    const names = withoutBin.map(({ deviceId, binId }) => `${deviceId} (bin ${binId ?? '-'})`);
    const more = names.length > MOST_SHOWN ? ' ...' : '';
    lines.push(
      `${count(names.length, 'device')} stay unknown because there is no such bin: ${names.slice(0, MOST_SHOWN).join(', ')}${more}`,
    );
  }
  return lines.map(printable).join('\n');
}

function count(amount: number, thing: string): string {
  return `${number(amount)} ${thing}${amount === 1 ? '' : 's'}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** A control character from a file could rewrite the operator's screen. */
function printable(line: string): string {
  return line.replaceAll(/\p{Cc}/gu, '\uFFFD');
}
