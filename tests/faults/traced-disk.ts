/** A change to a file that the kernel has and the disk may not have. */
export type PendingChange =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly size: number };

/** One event of a traced program, in order. */
export type DiskEvent =
  | { readonly kind: 'change'; readonly file: string; readonly change: PendingChange }
  | { readonly kind: 'sync'; readonly file: string }
  | { readonly kind: 'unlink'; readonly file: string }
  /** The program told somebody that what it has done until now is safe. */
  | { readonly kind: 'acknowledge'; readonly number: number };

/** What `strace` must be asked for: bytes in full and in hexadecimal, and the paths of files. */
export const STRACE_ARGS = [
  ...['-f', '-y', '-xx', '-s', '200000'],
  ...['-e', 'trace=pwrite64,write,fsync,fdatasync,ftruncate,unlink'],
] as const;

const CALL = /^(?<pid>\d+) +(?<call>\w+)\((?<args>.*)\) += (?<result>-?\d+)/;
const UNFINISHED = /^(?<pid>\d+) +(?<head>\w+\(.*) <unfinished \.\.\.>$/;
const RESUMED = /^(?<pid>\d+) +<\.\.\. \w+ resumed>(?<tail>.*)$/;

/** Reads what strace wrote. A call told in two lines counts when it ended. */
export function* readTrace(trace: string): Generator<DiskEvent> {
  const unfinished = new Map<string, string>();
  for (const line of trace.split('\n')) {
    const begun = UNFINISHED.exec(line)?.groups;
    if (begun) {
      unfinished.set(begun['pid'] ?? '', begun['head'] ?? '');
      continue;
    }
    const resumed = RESUMED.exec(line)?.groups;
    const pid = resumed?.['pid'] ?? '';
    const whole = resumed ? `${pid} ${unfinished.get(pid) ?? ''}${resumed['tail']}` : line;
    const event = readCall(whole);
    if (event) yield event;
  }
}

function readCall(line: string): DiskEvent | undefined {
  const { call, args = '', result } = CALL.exec(line)?.groups ?? {};
  if (result === undefined || result.startsWith('-')) return undefined;
  if (call === 'unlink') return { kind: 'unlink', file: unhex(/"((?:\\x..)*)"/.exec(args)?.[1]) };
  const file = unhex(/^\d+<((?:\\x..)*)>/.exec(args)?.[1]);
  if (call === 'fsync' || call === 'fdatasync') return { kind: 'sync', file };
  const rest = args.slice(args.indexOf('>') + 1);
  if (call === 'ftruncate') {
    const size = Number(/, (\d+)/.exec(rest)?.[1]);
    return { kind: 'change', file, change: { kind: 'truncate', size } };
  }
  const bytes = Buffer.from(unhex(/"((?:\\x..)*)"/.exec(rest)?.[1]), 'latin1');
  if (call === 'pwrite64') {
    const offset = Number(/, (\d+)$/.exec(rest)?.[1]);
    return { kind: 'change', file, change: { kind: 'write', offset, bytes } };
  }
  const number = /^ACK (\d+)\n$/.exec(bytes.toString('latin1'))?.[1];
  return number === undefined ? undefined : { kind: 'acknowledge', number: Number(number) };
}

/** Text of bytes, one character each. */
function unhex(escaped = ''): string {
  return Buffer.from(escaped.replaceAll('\\x', ''), 'hex').toString('latin1');
}

/** The disk under a traced program: what is on it for certain, and what may be. */
export class TracedDisk {
  readonly #durable = new Map<string, Buffer>();
  readonly #pending = new Map<string, PendingChange[]>();

  apply(event: Exclude<DiskEvent, { kind: 'acknowledge' }>): void {
    const { file } = event;
    if (event.kind === 'unlink') {
      this.#durable.delete(file);
      this.#pending.delete(file);
    } else if (event.kind === 'sync') {
      this.#durable.set(file, this.#after(file, this.#pending.get(file) ?? []));
      this.#pending.delete(file);
    } else {
      const pending = this.#pending.get(file);
      if (pending === undefined) this.#pending.set(file, [event.change]);
      else pending.push(event.change);
    }
  }

  /**
   * The files as a power cut might leave them now.
   * @param survives whether a part of what is not synced has reached the disk all the same; asked once for each 512 bytes
   */
  cut(survives: () => boolean): Map<string, Buffer> {
    const files = new Set([...this.#durable.keys(), ...this.#pending.keys()]);
    return new Map(
      [...files].map((file) => {
        const kept = (this.#pending.get(file) ?? []).flatMap((change) => tear(change, survives));
        return [file, this.#after(file, kept)];
      }),
    );
  }

  #after(file: string, changes: readonly PendingChange[]): Buffer {
    return applyChanges(this.#durable.get(file) ?? Buffer.alloc(0), changes);
  }
}

/** Disks write sectors whole, and in any order. */
const SECTOR_BYTES = 512;

function tear(change: PendingChange, survives: () => boolean): PendingChange[] {
  if (change.kind === 'truncate') return survives() ? [change] : [];
  const parts: PendingChange[] = [];
  for (let start = 0; start < change.bytes.length; start += SECTOR_BYTES) {
    const bytes = change.bytes.subarray(start, start + SECTOR_BYTES);
    if (survives()) parts.push({ kind: 'write', offset: change.offset + start, bytes });
  }
  return parts;
}

function applyChanges(before: Buffer, changes: readonly PendingChange[]): Buffer {
  const ends = changes.map((change) =>
    change.kind === 'truncate' ? change.size : change.offset + change.bytes.length,
  );
  // In one buffer: files of megabytes are changed in thousands of places.
  const after = Buffer.alloc(Math.max(before.length, ...ends));
  before.copy(after);
  let size = before.length;
  for (const [index, change] of changes.entries()) {
    const end = ends[index] ?? 0;
    if (change.kind === 'truncate') {
      after.fill(0, end);
      size = end;
    } else {
      change.bytes.copy(after, change.offset);
      size = Math.max(size, end);
    }
  }
  return after.subarray(0, size);
}
