import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InfluxPoint } from './influx-point.ts';
import { fromAnswer } from './write-error.ts';
import { writeWhatIsTaken } from './write-what-is-taken.ts';

function points(fills: readonly number[]): InfluxPoint[] {
  return fills.map((fill, index) => ({
    measurement: 'reading',
    tags: { bin: 'bin-1', device: 'dev-1' },
    fields: { fill_percent: fill },
    timestampNs: `${index}`,
  }));
}

function refusal(text: string) {
  return fromAnswer({ status: 400, body: JSON.stringify({ error: text }) }, 0);
}

type Manner = 'takes the others' | 'takes none then';

/** A server that refuses every request with one of these fills in it. */
function refusing(refused: ReadonlySet<number>, manner: Manner, text = 'unable to parse') {
  const taken = new Set<number>();
  let requests = 0;
  return {
    taken,
    requests: () => requests,
    async write(some: readonly InfluxPoint[]) {
      requests += 1;
      const fills = some.map(({ fields }) => fields['fill_percent'] ?? -1);
      const good = fills.filter((fill) => !refused.has(fill));
      if (good.length === fills.length || manner === 'takes the others') {
        for (const fill of good) taken.add(fill);
      }
      if (good.length < fills.length) throw refusal(text);
    },
  };
}

describe('writing what is taken', () => {
  it.each<Manner>(['takes the others', 'takes none then'])(
    'finds exactly the refused ones when the server %s',
    async (manner) => {
      const fills = fc.uniqueArray(fc.nat(1000), { minLength: 2, maxLength: 200 });
      await fc.assert(
        fc.asyncProperty(fills, fc.nat(15), fc.nat(), async (all, howMany, seed) => {
          const count = Math.min(howMany, all.length - 1);
          const refused = new Set(
            all.map((_, i) => all[(i + seed) % all.length] ?? 0).slice(0, count),
          );
          const target = refusing(refused, manner);
          const found = await writeWhatIsTaken(target, points(all));
          expect(new Set(found.map(({ point }) => point.fields['fill_percent']))).toEqual(refused);
          expect(found).toHaveLength(refused.size);
          expect(target.taken).toEqual(new Set(all.filter((fill) => !refused.has(fill))));
        }),
      );
    },
  );

  it('sets nothing aside when the server refuses everything, whatever it says', async () => {
    for (const text of ['unable to parse', 'partial write: field type conflict dropped=5000']) {
      for (const count of [1, 2, 5_000]) {
        const all = Array.from({ length: count }, (_, index) => index);
        const [witness] = points([-1]);
        const target = refusing(new Set([...all, -1]), 'takes none then', text);
        await expect(writeWhatIsTaken(target, points(all))).rejects.toThrow(
          'every point is refused',
        );
        await expect(writeWhatIsTaken(target, points(all), async () => witness)).rejects.toThrow(
          'every point',
        );
        expect(target.requests()).toBeLessThan(200);
      }
    }
  });

  it('sets aside even the only point when the server takes one that it has taken before', async () => {
    const [witness] = points([-1]);
    const target = refusing(new Set([7]), 'takes none then');
    expect(await writeWhatIsTaken(target, points([7]), async () => witness)).toHaveLength(1);
    expect(target.taken).toEqual(new Set([-1]));
  });

  it('asks once for readings that are all older than the server keeps any', async () => {
    const all = Array.from({ length: 5_000 }, (_, index) => index);
    const text = 'partial write: points beyond retention policy dropped=5000';
    const target = refusing(new Set(all), 'takes the others', text);
    const found = await writeWhatIsTaken(target, points(all));
    expect(found).toHaveLength(5_000);
    expect(found.every(({ error }) => error.isExpired)).toBe(true);
    expect(target.requests()).toBe(1);
  });

  it('sets aside what our own encoder refuses, without having asked the server', async () => {
    const { createInflux1Target } = await import('./engines/influx1.ts');
    // Nobody listens there, and nobody has to.
    const target = createInflux1Target({ url: 'http://127.0.0.1:9', database: 'none' });
    const unfit = points([1]).map((point) => ({ ...point, tags: { bin: 'a\nb', device: 'c' } }));
    expect(await writeWhatIsTaken(target, unfit)).toMatchObject([{ error: { code: 'unfit' } }]);
    await target.close();
  });
});
