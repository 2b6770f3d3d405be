import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { BackOff } from '../../ingest/sources/back-off.ts';
import { mqttSources } from '../../ingest/sources/mqtt-source.ts';
import { createMqttSources } from '../../ingest/sources/mqtt-sources.ts';
import type { MqttSources } from '../../ingest/sources/mqtt-sources.ts';
import { openJournalReader } from '../../journal/reader.ts';
import type { JournalRecord } from '../../journal/record.ts';
import { openTestStore } from '../../store/testing/open-test-store.ts';
import { parseSources } from '../../cli/settings/sources-file.ts';

/** Short waits, in the proportions of the real ones. */
const BACK_OFF = { answerMs: 5_000, firstMs: 40, mostMs: 200, refusedMs: 400, healthyMs: 1_000 };

export interface RunningSources extends MqttSources {
  /** The value of a metric, 0 when it was never touched. */
  metric(name: string, labels: Readonly<Record<string, string>>): Promise<number>;
}

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly source?: string;
  readonly reason?: string;
}

/** Clients of other brokers with a store, a folder of journals and a log of their own, in this process. */
export class SourceBench implements AsyncDisposable {
  readonly folder: string;
  readonly lines: LogLine[] = [];
  readonly #test: Awaited<ReturnType<typeof openTestStore>>;
  readonly #running = new Set<MqttSources>();

  private constructor(test: Awaited<ReturnType<typeof openTestStore>>) {
    this.#test = test;
    this.folder = test.folder;
  }

  static async open(): Promise<SourceBench> {
    return new SourceBench(await openTestStore());
  }

  get journalFolder(): string {
    return path.join(this.folder, 'journals');
  }

  /** Starts what a sources file with this document says. */
  run(document: readonly object[], waits: Partial<BackOff> = {}): RunningSources {
    const parsed = parseSources(document, this.folder);
    if (!parsed.ok) throw new Error(parsed.mistakes.join('\n'));
    const registry = new Registry();
    const sources = createMqttSources({
      sources: mqttSources(parsed.sources),
      store: this.#test.store,
      journalFolder: this.journalFolder,
      registry,
      log: pino({ level: 'info' }, { write: (line: string) => this.lines.push(JSON.parse(line)) }),
      backOff: { ...BACK_OFF, ...waits },
      now: Date.now,
      random: () => 0.5,
    });
    this.#running.add(sources);
    sources.start();
    const stop = async (): Promise<void> => {
      this.#running.delete(sources);
      await sources.stop();
    };
    const metric: RunningSources['metric'] = async (name, labels) => {
      const values = (await registry.getSingleMetric(name)?.get())?.values ?? [];
      return values
        .filter((each) => Object.entries(labels).every(([key, text]) => each.labels[key] === text))
        .reduce((sum, { value }) => sum + value, 0);
    };
    return { ...sources, stop, metric };
  }

  /** Writes a file that a source may name. */
  writeFile(name: string, text: string | Uint8Array): string {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  journalFile(source: string): string {
    return path.join(this.journalFolder, `source-${source}.sqlite`);
  }

  /** Everything the journal of a source has on disk. */
  records(source: string): readonly JournalRecord[] {
    if (!existsSync(this.journalFile(source))) return [];
    const reader = openJournalReader(this.journalFile(source));
    try {
      return reader.read(0, 100_000).records;
    } finally {
      reader.close();
    }
  }

  payloads(source: string): string[] {
    return this.records(source).map(({ payload }) => Buffer.from(payload).toString());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((sources) => sources.stop()));
    await this.#test[Symbol.asyncDispose]();
  }
}
