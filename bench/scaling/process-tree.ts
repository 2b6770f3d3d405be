import { readFileSync } from 'node:fs';
import { childrenOf } from '../../tests/system/running-tunna.ts';

/** Linux counts a process's time in these (USER_HZ, proc(5)). */
const TICKS_PER_SECOND = 100;

/** A process with its children: a PostgreSQL has one for each connection. */
export interface TreeUsage {
  /** CPU time so far, user and system, all threads together, of children that have ended too. */
  readonly cpuSeconds: number;
  /** Memory in RAM; what processes share is divided among them (`Pss` of proc(5)), so that it counts once. */
  readonly memoryMib: number;
  /** Written to the disk so far, by processes that still run (`write_bytes` of proc(5)). */
  readonly writtenBytes: number;
}

/** Adds up a process and all its descendants; the caller must be allowed to look into them. */
export function readTreeUsage(pid: number): TreeUsage {
  return childrenOf(pid)
    .map(readTreeUsage)
    .reduce(addUsage, {
      cpuSeconds: readCpuSeconds(pid),
      memoryMib: readNumber(pid, 'smaps_rollup', /^Pss:\s+(\d+) kB/m) / 1_024,
      writtenBytes: readNumber(pid, 'io', /^write_bytes: (\d+)/m),
    });
}

function addUsage(one: TreeUsage, other: TreeUsage): TreeUsage {
  return {
    cpuSeconds: one.cpuSeconds + other.cpuSeconds,
    memoryMib: one.memoryMib + other.memoryMib,
    writtenBytes: one.writtenBytes + other.writtenBytes,
  };
}

function readCpuSeconds(pid: number): number {
  const stat = readProc(pid, 'stat');
  // The name in brackets may have spaces; utime, stime, cutime and cstime are the fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks / TICKS_PER_SECOND;
}

function readNumber(pid: number, file: string, pattern: RegExp): number {
  return Number(pattern.exec(readProc(pid, file))?.[1] ?? 0);
}

/** Empty when the process has ended meanwhile: its parent has its CPU time. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
