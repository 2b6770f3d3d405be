import { readFile } from 'node:fs/promises';

const EVERY_MS = 250;

/**
 * Calls `onTooMuch` once when a process has more than so many megabytes in memory (`VmRSS` of proc(5)), which a heap limit does
 * not bound: typed arrays lie outside of the heap. Watches nothing where the system does not tell, as anywhere but on Linux.
 */
export function watchMemory(
  pid: number | undefined,
  megabytes: number,
  onTooMuch: () => void,
): Disposable {
  const timer = setInterval(() => {
    void readResidentMegabytes(pid).then((resident) => {
      if (resident === undefined || resident <= megabytes) return;
      clearInterval(timer);
      onTooMuch();
    });
  }, EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

async function readResidentMegabytes(pid: number | undefined): Promise<number | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
