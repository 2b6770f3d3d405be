import type { Geometry } from '../domain/geometry.ts';
import type { Stream } from '../domain/stream.ts';
import { topicFilter } from './encode/encode-uplink.ts';
import type { Location } from './land-areas.ts';
import { isOwnJson } from './sensor-catalogue.ts';
import type { TownSensor } from './town-sensor.ts';
import type { Town } from './town.ts';

export interface BinRegistration {
  readonly id: string;
  readonly name: string;
  readonly stream: Stream;
  readonly area: string;
  readonly location: Location;
  readonly volumeLitres: number;
  readonly thresholdPercent: number;
}

export interface DeviceRegistration {
  readonly deviceId: string;
  /** Codec of the bytes, such as `milesight/em400-mud`; null for own JSON. */
  readonly model: string | null;
  readonly reportIntervalSeconds: number;
}

export interface MountingRegistration {
  readonly deviceId: string;
  readonly binId: string;
  readonly geometry: Geometry;
}

export interface PrincipalRegistration {
  /** User name and client id of the connection. */
  readonly id: string;
  readonly kind: 'device' | 'gateway';
  /** Topic filters a gateway may publish under, each ending in `#`; empty for devices. */
  readonly prefixes: readonly string[];
  readonly backfill: boolean;
}

/** Everything that must be known to the store and the broker before the town may speak. */
export interface TownRegistrations {
  readonly bins: readonly BinRegistration[];
  readonly devices: readonly DeviceRegistration[];
  readonly mountings: readonly MountingRegistration[];
  /** One per sensor, and last the one that writes the history. */
  readonly principals: readonly PrincipalRegistration[];
}

/** Topics on which sensors and network servers speak. */
export const ALL_UPLINK_PREFIXES: readonly string[] = ['bins/#', 'v3/#', 'application/#'];

/** Writes the history of the town. */
export const HISTORY_PRINCIPAL_ID = 'simulator-history';

export function townRegistrations(town: Town): TownRegistrations {
  return {
    bins: town.bins.map(({ id, name, stream, area, location, volumeLitres, thresholdPercent }) => ({
      ...{ id, name, stream, area, location, volumeLitres, thresholdPercent },
    })),
    devices: town.bins.map(({ sensor }) => ({
      deviceId: sensor.deviceId,
      model: isOwnJson(sensor.model) ? null : sensor.model,
      reportIntervalSeconds: sensor.reportIntervalSeconds,
    })),
    mountings: town.bins.map(({ id, sensor, geometry }) => ({
      deviceId: sensor.deviceId,
      binId: id,
      geometry,
    })),
    principals: [
      ...town.bins.map(({ sensor }) => sensorPrincipal(sensor)),
      {
        id: HISTORY_PRINCIPAL_ID,
        kind: 'gateway',
        prefixes: ALL_UPLINK_PREFIXES,
        backfill: true,
      },
    ],
  };
}

/** Whom a sensor connects as: itself, or a network server that speaks for it alone. */
export function sensorPrincipal(sensor: TownSensor): PrincipalRegistration {
  if (isOwnJson(sensor.model)) {
    return { id: sensor.deviceId, kind: 'device', prefixes: [], backfill: false };
  }
  return {
    id: `gw-${sensor.deviceId}`,
    kind: 'gateway',
    prefixes: [topicFilter(sensor)],
    backfill: false,
  };
}
