import { TOWN_SIZE } from './bench-town.ts';

/** A message on its way to the page. */
export interface Sent {
  readonly observedAtMs: number;
  readonly sentMs: number;
  /** Whether it counts: those of the warm-up do not. */
  readonly counts: boolean;
}

/** The sensors of a run: what each says next, and which of their levels have not been seen on the page yet. */
export class Sensors {
  readonly size: number;
  readonly #unseen: Sent[][];
  readonly #lastMs: Float64Array;
  readonly #boot = Date.now().toString(36);
  #count = 0;

  constructor(size = TOWN_SIZE) {
    this.size = size;
    this.#unseen = Array.from({ length: size }, () => []);
    this.#lastMs = new Float64Array(size);
  }

  /** The next message of a sensor, as 110 bytes of Tunna's own JSON. */
  speak(index: number, counts: boolean): { readonly topic: string; readonly payload: string } {
    const seq = this.#count++;
    // A level is known by its time: no sensor says two in one millisecond.
    const observedAtMs = Math.max(Date.now(), (this.#lastMs[index] ?? 0) + 1);
    this.#lastMs[index] = observedAtMs;
    this.#unseen[index]?.push({ observedAtMs, sentMs: performance.now(), counts });
    const level = `"fillPercent":${seq % 100},"temperatureC":${(seq % 30) / 2},"batteryPercent":87`;
    const payload = `{"boot":"${this.#boot}","seq":${seq},"observedAt":${observedAtMs},${level}}`;
    return { topic: `bins/dev-${index}/up`, payload };
  }

  /** The page has been told this level of a bin. Returns the messages it is the first to show, itself or what it outdid. */
  see(binId: string, observedAtMs: number): Sent[] {
    const unseen = this.#unseen[Number(binId.replace('bin-', ''))] ?? [];
    const later = unseen.findIndex((sent) => sent.observedAtMs > observedAtMs);
    return unseen.splice(0, later === -1 ? unseen.length : later);
  }

  get unseenCount(): number {
    return this.#unseen.reduce((sum, { length }) => sum + length, 0);
  }
}
