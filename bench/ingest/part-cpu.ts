import { readFileSync } from 'node:fs';
import type { PartName, RunningTunna } from '../../tests/system/running-tunna.ts';

/** Linux counts a process's time in these (USER_HZ, proc(5)). */
const TICKS_PER_SECOND = 100;

/** CPU time a part has used so far, user and system, in seconds. */
export function readPartCpuSeconds(tunna: RunningTunna, part: PartName): number {
  const pid = tunna.findPart(part);
  if (pid === undefined) throw new Error(`${part} is not running`);
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may have spaces; utime and stime are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
