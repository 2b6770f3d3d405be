import type { InfluxPoint } from './influx-point.ts';
import type { InfluxTarget } from './influx-target.ts';
import { InfluxWriteError } from './write-error.ts';

/** A point that the server will not have, and what it said. */
export interface RefusedPoint {
  readonly point: InfluxPoint;
  readonly error: InfluxWriteError;
}

/** A point other than those that are written. */
type FindWitness = () => Promise<InfluxPoint | undefined>;

/** When so many in a row are refused and none is taken, it is not the points that are wrong. */
const REFUSED_WITHOUT_ONE_TAKEN = 20;

/**
 * Writes points, and finds those that the server refuses for good, so that one of them does not hold up all behind it: a refused
 * request is halved until they are found. What was written already is written again meanwhile, which changes nothing.
 *
 * A server may refuse everything because a setting is wrong. So nothing counts as refused before the server has taken a point:
 * one of these, or, when it takes none of them, the witness, some other point. Rejects when it takes neither, and when it does not
 * answer.
 */
export async function writeWhatIsTaken(
  target: Pick<InfluxTarget, 'write'>,
  points: readonly InfluxPoint[],
  findWitness: FindWitness = async () => undefined,
): Promise<readonly RefusedPoint[]> {
  const refused: RefusedPoint[] = [];
  let isTrusted = false;
  const waiting = [points];
  for (let some = waiting.pop(); some !== undefined; some = waiting.pop()) {
    try {
      if (some.length > 0) await target.write(some);
      isTrusted ||= some.length > 0;
    } catch (error) {
      if (!(error instanceof InfluxWriteError) || error.failure !== 'refused') throw error;
      // It has looked at the times of these, so it would take others.
      isTrusted ||= error.isExpired;
      if (some.length === 1 || error.dropped === some.length) {
        refused.push(...some.map((point) => ({ point, error })));
      } else {
        const middle = some.length >> 1;
        waiting.push(some.slice(middle), some.slice(0, middle));
      }
      if (!isTrusted && refused.length >= REFUSED_WITHOUT_ONE_TAKEN) {
        await askWitness(target, findWitness, error);
        isTrusted = true;
      }
    }
  }
  const [first] = refused;
  if (first !== undefined && !isTrusted && first.error.code !== UNFIT) {
    await askWitness(target, findWitness, first.error);
  }
  return refused;
}

/** Our own encoder has refused it; the server was not asked. */
const UNFIT = 'unfit';

async function askWitness(
  target: Pick<InfluxTarget, 'write'>,
  findWitness: FindWitness,
  error: InfluxWriteError,
): Promise<void> {
  const witness = await findWitness();
  if (witness === undefined) throw new EverythingRefusedError(error);
  await target.write([witness]).catch((second: unknown) => {
    if (second instanceof InfluxWriteError && second.failure !== 'refused') throw second;
    throw new EverythingRefusedError(error);
  });
}

/** The server takes nothing at all: nothing may be struck off because of that. */
export class EverythingRefusedError extends InfluxWriteError {
  constructor(cause: InfluxWriteError) {
    const { status } = cause;
    const detail = `every point is refused, so it is not the points: ${cause.message}`;
    super({ failure: 'failed', detail, status, cause });
    this.name = 'EverythingRefusedError';
  }
}
