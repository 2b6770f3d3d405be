import { readFileSync } from 'node:fs';

/** Linux counts a process's time in these (USER_HZ, proc(5)). */
const TICKS_PER_SECOND = 100;

/** CPU time each process has used so far, user and system, all threads together, in seconds. */
export function readCpuSeconds(
  processes: Readonly<Record<string, number>>,
): Record<string, number> {
  const entries = Object.entries(processes).map(([name, pid]): [string, number] => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may have spaces; utime and stime are the 14th and 15th field.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [name, (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND];
  });
  return Object.fromEntries(entries);
}

/** Memory a process has in RAM, in KiB. */
export function readRssKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}
