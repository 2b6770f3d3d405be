import type { Progress } from '../../ingest/history/import-file.ts';

/** Where nobody looks on, a line now and then tells that it goes on, ms. */
const QUIET_MS = 10_000;

export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Tells how far a file is: over and over in one line of a terminal, else in a line every ten seconds. */
export class ProgressLine {
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  #toldAtMs: number;
  #isOpen = false;

  constructor(output: ProgressOutput, now: () => number) {
    this.#output = output;
    this.#now = now;
    this.#toldAtMs = now();
  }

  tell(file: string, { bytes, totalBytes, records }: Progress): void {
    const percent = totalBytes === 0 ? 100 : Math.floor((bytes / totalBytes) * 100);
    this.#show(`${file}: ${percent} % read, ${records} records taken`);
  }

  /** What a device had waiting is stored before the file goes on. */
  tellReplay(deviceId: string, resolved: number): void {
    this.#show(`${deviceId}: ${resolved} messages came out of the quarantine so far`);
  }

  /** A piece of work that is no file. */
  tellStep(step: string, percent: number): void {
    this.#show(`${step}: ${Math.floor(percent)} %`);
  }

  #show(text: string): void {
    if (this.#output.isTTY === true) {
      // The rest of a longer line is wiped out (ECMA-48, EL).
      this.#output.write(`\r${text}\u001b[K`);
      this.#isOpen = true;
      return;
    }
    if (this.#now() - this.#toldAtMs < QUIET_MS) return;
    this.#toldAtMs = this.#now();
    this.#output.write(`${text}\n`);
  }

  /** Takes the line of a terminal away, for what is printed next. */
  clear(): void {
    if (this.#isOpen) this.#output.write('\r\u001b[K');
    this.#isOpen = false;
  }
}
