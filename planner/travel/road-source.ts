import { Worker } from 'node:worker_threads';
import { errorText } from '../../domain/error-text.ts';
import { OSM_ATTRIBUTION } from './attribution.ts';
import type { RoadsAnswer, RoadsOrder, RoadsQuestion } from './roads/messages.ts';
import { readRoadsFile } from './roads-file.ts';
import type { RoadsFile, RoadsHeader } from './roads-file.ts';
import { joinLegs, TravelError } from './travel-source.ts';
import type {
  Position,
  TravelDescription,
  TravelRoute,
  TravelSource,
  TravelTable,
} from './travel-source.ts';

/** Most positions of one table: two matrices of 400 MB. */
const MOST_POSITIONS = 10_000;

interface Waiting {
  readonly resolve: (answer: RoadsAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** Travel on the roads of a file that `tunna roads import` made, computed in a thread of its own. */
export class RoadSource implements TravelSource {
  readonly description: TravelDescription;
  readonly header: RoadsHeader;
  readonly #roads: RoadsFile;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 1;

  /** @throws {TravelError} when the file cannot be read, or is damaged. */
  constructor(file: string) {
    this.#roads = readRoadsFile(file);
    this.header = this.#roads.header;
    const text = `roads of ${this.header.source}`;
    this.description = { kind: 'roads', text, attribution: OSM_ATTRIBUTION };
  }

  async table(profile: string, positions: readonly Position[]): Promise<TravelTable> {
    if (positions.length > MOST_POSITIONS) {
      throw new TravelError(`${positions.length} places are too many: at most ${MOST_POSITIONS}`);
    }
    const answer = await this.#ask('table', profile, positions);
    if (answer.kind !== 'table') throw new TravelError('the road engine answered another question');
    return { ...answer.matrix, by: this.description };
  }

  async route(profile: string, positions: readonly Position[]): Promise<TravelRoute> {
    const answer = await this.#ask('route', profile, positions);
    if (answer.kind !== 'route') throw new TravelError('the road engine answered another question');
    return joinLegs(answer.legs, this.description);
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#failAll(new TravelError('the road engine was stopped'));
    await worker?.terminate();
  }

  async #ask(
    kind: 'table' | 'route',
    profile: string,
    positions: readonly Position[],
  ): Promise<RoadsAnswer> {
    const profiles = this.header.profiles.map(({ name }) => name);
    if (!profiles.includes(profile)) {
      const known = profiles.join(', ');
      throw new TravelError(
        `the roads of ${this.header.source} are for ${known}, not "${profile}"`,
      );
    }
    const worker = this.#start();
    const id = this.#nextId++;
    const question: RoadsQuestion = { id, kind, profile, positions };
    const answer = await new Promise<RoadsAnswer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage(question);
    });
    if (answer.kind === 'failed') throw new TravelError(answer.reason);
    return answer;
  }

  /** The thread; a new one after it has failed. */
  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const workerData: RoadsOrder = { kind: 'answer', roads: this.#roads };
    const worker = new Worker(new URL('./roads/worker.ts', import.meta.url), { workerData });
    const fail = (reason: string): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#failAll(new TravelError(`the road engine failed: ${reason}`));
    };
    worker.on('message', (answer: RoadsAnswer) => {
      this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
      // An idle engine keeps no process alive.
      if (this.#waiting.size === 0) worker.unref();
    });
    worker.once('error', (error) => fail(errorText(error)));
    worker.once('exit', (code) => fail(`its thread ended (${code})`));
    this.#worker = worker;
    return worker;
  }

  #failAll(error: TravelError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
