import { OLDEST_BELIEVABLE_MS } from '../../domain/clock.ts';
import { hasLevel } from '../../domain/measurement.ts';
import type { Measurement } from '../../domain/measurement.ts';
import { buildMeasurement } from './build-measurement.ts';

/**
 * A measurement that a device kept and sends late. Of one whose clock was never set nobody knows when it
 * was; it would pass for the present, so no level is kept of it.
 */
export function keptAt(observedAtMs: number, measurement: Measurement): Measurement {
  const kept = { ...measurement, observedAtMs };
  if (observedAtMs >= OLDEST_BELIEVABLE_MS || !hasLevel(measurement)) return kept;
  return buildMeasurement({ ...kept, sensorFault: 'kept by a clock that was never set' });
}
