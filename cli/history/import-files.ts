import path from 'node:path';
import { errorText } from '../../domain/error-text.ts';
import type { Geometry } from '../../domain/geometry.ts';
import { importFile } from '../../ingest/history/import-file.ts';
import type { FileReport } from '../../ingest/history/file-report.ts';
import { HistoryFileError } from '../../ingest/history/history-format.ts';
import type { HistoryFormat } from '../../ingest/history/history-format.ts';
import { DeviceRegistrar } from '../../ingest/history/register-devices.ts';
import type { Source } from '../../ingest/sources/source.ts';
import type { Store } from '../../store/database.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { print, printJson } from '../print.ts';
import { endAtNextSignal } from '../stop-request.ts';
import { describeFile, describeRegistrations } from './describe-report.ts';
import { ProgressLine } from './progress.ts';

export interface ImportPlan {
  readonly files: readonly string[];
  readonly format: HistoryFormat;
  readonly sources: readonly Source[];
  /** Unknown devices are registered, with this geometry. */
  readonly create?: { readonly geometry: Geometry | null };
  readonly dryRun: boolean;
  readonly json: boolean;
}

/**
 * Imports files one after the other and prints what came of each. Ctrl-C ends after the batch under way. Throws a {@link Refusal}
 * when a file is not what it was said to be, or when it was told to stop.
 */
export async function importFiles(store: Store, plan: ImportPlan): Promise<void> {
  const stop = stopAtSignal();
  const progress = new ProgressLine(process.stderr, Date.now);
  const { create, sources, dryRun } = plan;
  const registrar =
    create &&
    new DeviceRegistrar(store, {
      ...{ ...create, sources, now: Date.now, signal: stop },
      onReplay: (deviceId, resolved) => progress.tellReplay(deviceId, resolved),
    });
  const reports: ({ readonly file: string } & FileReport)[] = [];
  let failure: Refusal | undefined;
  for (const file of plan.files) {
    if (stop.aborted) break;
    try {
      const report = await importFile(store, {
        ...{ file, format: plan.format, sources, dryRun, signal: stop, now: Date.now },
        onProgress: (state) => progress.tell(path.basename(file), state),
        ...(registrar && { beforeBatch: (records) => registrar.prepare(records) }),
      });
      progress.clear();
      reports.push({ file, ...report });
      if (!plan.json) print(describeFile(file, report, dryRun));
    } catch (error) {
      progress.clear();
      failure = explain(file, error);
      break;
    }
  }
  const registrations = registrar?.registrations;
  if (plan.json) printJson({ files: reports, ...(registrations && { registrations }) });
  else if (registrations !== undefined) print(describeRegistrations(registrations));
  if (failure !== undefined) throw failure;
  if (stop.aborted) {
    throw new Refusal(EXIT.failure, 'stopped; the same command goes on where this one was');
  }
}

/** What is wrong with a file is told with its name; all else is passed on. */
function explain(file: string, error: unknown): Refusal {
  if (!(error instanceof HistoryFileError)) throw error;
  const cause = error.cause === undefined ? '' : `: ${errorText(error.cause)}`;
  // A heading or a line of the file may be in it.
  const text = `${file}: ${error.message}${cause}`.replaceAll(/\p{Cc}+/gu, ' ');
  return new Refusal(EXIT.failure, text, { cause: error });
}

/** Aborts at Ctrl-C or SIGTERM; a second one ends the process at once. */
function stopAtSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      controller.abort();
      endAtNextSignal((exitCode) => process.exit(exitCode));
    });
  }
  return controller.signal;
}
