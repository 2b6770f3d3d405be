import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { AUDIT_ACTIONS } from '../../store/audit.ts';
import type { AuditAction } from '../../store/audit.ts';
import { listAudit, verifyAudit } from '../../store/audit-log.ts';
import type { AuditFault, AuditPoint } from '../../store/audit-log.ts';
import type { AuditRow } from '../../store/schema.ts';
import { timeArgument, wholeArgument } from '../arguments.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { loadSettings } from '../load-settings.ts';
import { withStore } from '../open-store.ts';
import { formatTable, formatTime, print, printJson } from '../print.ts';

const DEFAULT_LIMIT = 50;
const MOST_LISTED = 100_000;

export function addAuditCommand(program: Command): void {
  const audit = program
    .command('audit')
    .description('what was refused at the door, and who changed what; rows are only ever added');
  audit
    .command('list')
    .description('the newest first')
    .addOption(new Option('--action <action>', 'of this kind').choices(AUDIT_ACTIONS))
    .option('--actor <name>', 'done by, such as cli:anna, api:office, a device or an address')
    .option('--subject <id>', 'done to, such as a device')
    .option('--since <time>', 'from this time on, such as 2026-11-24T08:00:00Z', timeArgument)
    .option('--limit <rows>', 'at the most', wholeArgument(1, MOST_LISTED), DEFAULT_LIMIT)
    .option('--json', 'as JSON')
    .action(list);
  audit
    .command('verify')
    .description('reads the whole chain and says which rows were changed, moved or taken out')
    .option('--expect <head>', 'a head that was printed earlier: number:hash', headArgument)
    .option('--json', 'as JSON')
    .action(verify);
}

interface ListOptions {
  readonly action?: AuditAction;
  readonly actor?: string;
  readonly subject?: string;
  readonly since?: number;
  readonly limit: number;
  readonly json?: true;
}

async function list({ since, json, ...filter }: ListOptions): Promise<void> {
  const rows = await withStore(loadSettings().settings, (store) =>
    listAudit(store, { ...filter, sinceMs: since }),
  );
  if (json) return printJson(rows.map(toJson));
  const headings = ['NUMBER', 'TIME', 'ACTION', 'BY', 'TO', 'TIMES', 'DETAIL'];
  const cells = rows.map((row) => {
    const { seq, at, action, actor, subject, times, detail } = row;
    return [seq, formatTime(at), action, actor, subject || null, times, detail];
  });
  print(formatTable(headings, cells));
}

function toJson({ seq, at, until_at, detail, ...row }: AuditRow): object {
  const times = { at: formatTime(at), until: formatTime(until_at) };
  // Safe to show as it is: appendAudit is the only writer of the column.
  return { seq, ...times, ...row, detail: JSON.parse(detail) as unknown };
}

const FAULTS: Record<AuditFault['kind'], (seq: number) => string> = {
  changed: (seq) => `row ${seq} was changed or moved`,
  missing: (seq) => `rows from ${seq} on were taken out`,
  cut: (seq) => `the end is missing from row ${seq} on`,
  unexpected: (seq) => `the chain has no such row ${seq}: it was written anew`,
};

async function verify(options: { expect?: AuditPoint; json?: true }): Promise<void> {
  const check = await withStore(loadSettings().settings, (store) =>
    verifyAudit(store, options.expect),
  );
  const { rows, baseSeq, head, faults } = check;
  if (options.json) printJson(check);
  else {
    for (const { kind, seq } of faults) print(FAULTS[kind](seq));
    const before = baseSeq === 0 ? '' : `; those up to ${baseSeq} were kept long enough`;
    print(`${rows} rows${before}\nhead: ${head.seq}:${head.hash}`);
  }
  if (faults.length > 0) throw new Refusal(EXIT.failure, 'the audit has been tampered with');
}

function headArgument(text: string): AuditPoint {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) {
    throw new InvalidArgumentError('A head is a number, a colon and 64 hexadecimal digits.');
  }
  return { seq: Number(seq), hash };
}
