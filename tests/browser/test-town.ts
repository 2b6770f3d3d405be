import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';
import { expect, vi } from 'vitest';
import { BinList } from '../../dashboard/api/bins.ts';
import type { Geometry } from '../../domain/geometry.ts';
import { binId, deviceId } from '../../domain/testing/test-ids.ts';
import { GEOMETRY } from '../../ingest/testing/sample-town.ts';
import { saveBins } from '../../store/bins.ts';
import type { Bin } from '../../store/bins.ts';
import { saveDevices } from '../../store/devices.ts';
import { mountDevice } from '../../store/mount-device.ts';
import { startTunna } from '../system/running-tunna.ts';
import type { RunningTunna } from '../system/running-tunna.ts';
import { addPrincipal } from '../system/town-of-devices.ts';
import type { Credentials } from '../system/town-of-devices.ts';

/** A level as a sensor reports it, and what else it says with it. */
export interface Report {
  readonly fillPercent: number;
  /** How long ago it was measured; 0 unless given. */
  readonly agoSeconds?: number;
  readonly temperatureC?: number;
  readonly batteryPercent?: number;
  readonly tilted?: boolean;
}

/** A bin with a sensor in it. What is not given is of no importance to the test. */
export interface TownBin extends Partial<Omit<Bin, 'id'>> {
  readonly id: string;
  /** What its sensor has said, oldest first; nothing unless given. */
  readonly reports?: readonly Report[];
  /** The sensor, where it is not one of Tunna's own JSON. */
  readonly sensor?: { readonly id: string; readonly model: string };
}

/** The middle of the towns of these tests. */
export const CENTRE = { lat: 59.195, lng: 17.62 };

/** A level of these sensors is stale after an hour, which is the least there is. */
const REPORT_INTERVAL_SECONDS = 900;

/** A Tunna set up as in production, and a gateway that speaks for all its sensors. */
export class TestTown implements AsyncDisposable {
  readonly tunna: RunningTunna;
  readonly #gateway: MqttClient;

  constructor(tunna: RunningTunna, gateway: MqttClient) {
    this.tunna = tunna;
    this.#gateway = gateway;
  }

  /** Registers bins, and has their sensors report. Resolves when the API tells of all of it. */
  async addBins(bins: readonly TownBin[]): Promise<void> {
    await using opened = this.tunna.openStore();
    await saveBins(opened.store, bins.map(toBin));
    for (const bin of bins) {
      const { sensor = { id: deviceOf(bin.id), model: null } } = bin;
      const id = deviceId(sensor.id);
      const device = { ...sensor, id, reportIntervalSeconds: REPORT_INTERVAL_SECONDS };
      await saveDevices(opened.store, [device]);
      const mounting = { binId: binId(bin.id), deviceId: id, geometry: GEOMETRY };
      const mounted = await mountDevice(opened.store, mounting, Date.now());
      if (!mounted.ok) throw new Error(mounted.detail);
      for (const report of bin.reports ?? []) await this.report(bin.id, report);
    }
    await vi.waitFor(async () => {
      const known = BinList.parse(await this.tunna.getJson('/bins')).bins;
      const told = new Map(known.map((bin) => [bin.id, bin.fillPercent]));
      for (const { id, reports } of bins) {
        expect(told.get(id), id).toBe(reports?.at(-1)?.fillPercent ?? null);
      }
    }, 15_000);
  }

  /** Corrects the geometry of a bin's only sensor, from its beginning on. */
  async remount(bin: string, sensor: string, geometry: Geometry): Promise<void> {
    await using opened = this.tunna.openStore();
    const mounting = { binId: binId(bin), deviceId: deviceId(sensor), geometry, fromMs: 0 };
    const mounted = await mountDevice(opened.store, mounting, Date.now());
    if (!mounted.ok) throw new Error(mounted.detail);
  }

  /** Publishes what the sensor of a bin says. Resolves when the broker has acknowledged it. */
  async report(bin: string, { agoSeconds = 0, ...measured }: Report): Promise<void> {
    const observedAt = new Date(Date.now() - agoSeconds * 1000).toISOString();
    const message = JSON.stringify({ observedAt, ...measured });
    await this.publish(`bins/${deviceOf(bin)}/up`, message);
  }

  /** Publishes a message. Resolves when the broker has acknowledged it. */
  async publish(topic: string, payload: string): Promise<void> {
    await this.#gateway.publishAsync(topic, payload, { qos: 1 });
  }

  /** Lets the sensor of a bin connect by itself. */
  async addSensorLogin(bin: string): Promise<Credentials> {
    await using opened = this.tunna.openStore();
    return await addPrincipal(opened.store, { id: deviceOf(bin), kind: 'device' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gateway.endAsync();
    await this.tunna.stop();
  }
}

/** Starts a town without tiles, unless `env` says otherwise. */
export async function openTown(
  bins: readonly TownBin[],
  env: Record<string, string> = {},
): Promise<TestTown> {
  const tunna = await startTunna({ NODE_ENV: 'production', TUNNA_TILE_URL: 'off', ...env });
  try {
    const town = new TestTown(tunna, await connectGateway(tunna));
    await town.addBins(bins);
    return town;
  } catch (error) {
    await tunna.stop();
    throw error;
  }
}

/** Id of the sensor in a bin. */
export function deviceOf(bin: string): string {
  return `sensor-${bin}`;
}

async function connectGateway(tunna: RunningTunna): Promise<MqttClient> {
  await using opened = tunna.openStore();
  const prefixes = ['bins/#', 'v3/#'];
  const login = await addPrincipal(opened.store, {
    id: 'gateway',
    kind: 'gateway',
    prefixes,
    backfill: true,
  });
  return await connectSensor(tunna, login);
}

/** Connects with a token, trying again until the broker has heard of it. */
export async function connectSensor(tunna: RunningTunna, login: Credentials): Promise<MqttClient> {
  return await vi.waitFor(
    () => mqtt.connectAsync(`mqtt://127.0.0.1:${tunna.mqttPort}`, { ...login, reconnectPeriod: 0 }),
    { timeout: 10_000, interval: 100 },
  );
}

function toBin({ id, reports: _reports, sensor: _sensor, ...given }: TownBin): Bin {
  return {
    id: binId(id),
    name: id,
    description: null,
    stream: 'residual',
    area: null,
    location: CENTRE,
    volumeLitres: 660,
    thresholdPercent: 80,
    ...given,
  };
}
