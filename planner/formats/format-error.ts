/** What is wrong with an input file, and on which line (1 is the first) when that can be said. */
export class FormatError extends Error {
  readonly line: number | undefined;

  constructor(reason: string, line?: number) {
    super(line === undefined ? reason : `line ${line}: ${reason}`);
    this.name = 'FormatError';
    this.line = line;
  }
}
