import type { Geometry } from '../../domain/geometry.ts';
import { whyNoTemperatureCorrection } from './temperature-correction.ts';

/**
 * Sensors whose distance is the depth from the floor up, as their makers' examples show: the geometry of a mounting, whose
 * distances count from the sensor down, would take an empty bin for a full one.
 */
const COUNT_FROM_THE_FLOOR: ReadonlySet<string> = new Set(['dingtek/df530', 'netvox/r718pa22']);

/**
 * Why a geometry makes no levels of what a model measures; `undefined` where it does.
 * @param model id of a codec; `null`: the messages of the device carry values
 */
export function whyGeometryDoesNotFit(
  geometry: Geometry | null,
  model: string | null,
): string | undefined {
  if (geometry === null || model === null) return undefined;
  if (COUNT_FROM_THE_FLOOR.has(model)) {
    return `${model} measures a depth from the floor up, which no geometry turns into a fill`;
  }
  if (geometry.temperatureReferenceC === undefined) return undefined;
  const reason = whyNoTemperatureCorrection(model);
  return reason && `its distances are not to be corrected by the temperature: ${reason}`;
}
