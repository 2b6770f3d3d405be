import { requireProgram } from './programs.ts';
import { freePort } from './free-port.ts';
import { privateFolder, ServerProcess, startServer } from './server-process.ts';

/** A running VictoriaMetrics, which takes InfluxDB's writes on `/write` and `/api/v2/write`. */
export interface VictoriaMetrics extends ServerProcess {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /**
   * All points of a metric, such as `fill_percent` for the field `percent` of the measurement `fill`.
   * A write shows after about a second, so ask until it does.
   */
  exportMetric(name: string): Promise<ExportedSeries[]>;
}

/** One line of `/api/v1/export`. */
export interface ExportedSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  /** Milliseconds since 1970. */
  readonly timestamps: readonly number[];
}

class VictoriaMetricsProcess extends ServerProcess implements VictoriaMetrics {
  #questionsAsked = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async exportMetric(name: string): Promise<ExportedSeries[]> {
    this.#questionsAsked += 1;
    // It remembers for ten seconds that a filter found nothing, so each question has a filter of its own.
    const filter = `{__name__="${name}",question${this.#questionsAsked}=""}`;
    const query = new URLSearchParams({ 'match[]': filter }).toString();
    const answer = await fetch(`${this.url}/api/v1/export?${query}`);
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    // The format of this API is fixed by its documentation.
    return lines.map((line) => JSON.parse(line) as ExportedSeries);
  }
}

/** Starts a VictoriaMetrics that keeps everything and shows what it got without the usual delay of 30 s. */
export async function startVictoriaMetrics(): Promise<VictoriaMetrics> {
  const program = requireProgram('victoria-metrics');
  const port = await freePort();
  const folder = await privateFolder('victoria-metrics');
  const args = [
    `-httpListenAddr=127.0.0.1:${port}`,
    `-storageDataPath=${folder}/data`,
    '-retentionPeriod=100y',
    '-search.latencyOffset=0s',
    // Clients keep idle connections open, and it would wait for them.
    '-http.maxGracefulShutdownDuration=100ms',
  ];
  const isReady = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health`, {
      signal: AbortSignal.timeout(1_000),
    });
    return answer.ok;
  };
  return startServer(
    new VictoriaMetricsProcess({ name: 'victoria-metrics', program, args, port, folder, isReady }),
  );
}
