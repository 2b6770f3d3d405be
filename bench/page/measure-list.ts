/** The list of all bins, as the page asks for it. */
export interface ListFigures {
  readonly rawBytes: number;
  /** The first answer after a change, and one when nothing has changed since. */
  readonly firstMs: number;
  readonly againMs: number;
}

/** Asks for the bins twice, compressed as a browser would have them. */
export async function measureList(pageUrl: string): Promise<ListFigures> {
  const ask = async (): Promise<{ readonly ms: number; readonly bytes: number }> => {
    const startMs = performance.now();
    const answer = await fetch(new URL('/api/v1/bins', pageUrl), {
      headers: { accept: 'application/json', 'accept-encoding': 'gzip, deflate, br' },
    });
    const bytes = (await answer.arrayBuffer()).byteLength;
    if (!answer.ok) throw new Error(`The list of bins answered ${answer.status}`);
    return { ms: performance.now() - startMs, bytes };
  };
  const first = await ask();
  const again = await ask();
  return { rawBytes: first.bytes, firstMs: first.ms, againMs: again.ms };
}
