import type { Geometry } from '../../domain/geometry.ts';
import { whyGeometryDoesNotFit } from '../../ingest/codecs/geometry-fit.ts';
import { EXIT, Refusal } from '../exit-codes.ts';

/** Throws a {@link Refusal} for a geometry that would make wrong levels of what the model measures. */
export function assertGeometryFits(geometry: Geometry | null, model: string | null): void {
  const reason = whyGeometryDoesNotFit(geometry, model);
  if (reason === undefined) return;
  throw new Refusal(EXIT.usage, `The geometry does not fit this sensor: ${reason}`);
}
