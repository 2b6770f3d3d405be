import type { Geometry } from '../../domain/geometry.ts';
import { whyNoTemperatureCorrection } from '../../ingest/codecs/temperature-correction.ts';
import { EXIT, Refusal } from '../exit-codes.ts';

/** Throws a {@link Refusal} for a correction by the temperature that the model makes itself, or does not need. */
export function assertCorrectionFits(geometry: Geometry | null, model: string | null): void {
  if (geometry?.temperatureReferenceC === undefined || model === null) return;
  const reason = whyNoTemperatureCorrection(model);
  if (reason === undefined) return;
  throw new Refusal(EXIT.usage, `--temperature-reference is not for this sensor: ${reason}`);
}
