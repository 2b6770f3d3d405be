import path from 'node:path';
import { parseBinId, parseDeviceId } from '../../domain/ids.ts';
import type { BinId, DeviceId } from '../../domain/ids.ts';
import { codecForAlias, findCodec } from '../../ingest/codecs/registry.ts';
import type { PrincipalRegistration, TownRegistrations } from '../../simulator/register.ts';
import { listBins, saveBins } from '../../store/bins.ts';
import type { Store } from '../../store/database.ts';
import { listDevices, saveDevices } from '../../store/devices.ts';
import { mountDevices } from '../../store/mount-device.ts';
import { listMountings } from '../../store/mountings.ts';
import {
  acceptsToken,
  createToken,
  findPrincipal,
  savePrincipals,
} from '../../store/principals.ts';
import type { NewPrincipal } from '../../store/principals.ts';
import { readCredentials, writeCredentials } from './credentials-file.ts';

/** Devices asked for at once: PostgreSQL and SQLite both bind as many parameters with room to spare. */
const DEVICES_PER_QUERY = 1000;

/** What shares a commit: few enough that other writers wait for some tenths of a second only. */
const ROWS_PER_COMMIT = 500;

/**
 * Makes a simulated town known. What is there already stays as it is, so that a person's changes last. Returns the
 * tokens of its principals, which are kept in `credentials.json` in the folder given.
 */
export async function registerTown(
  store: Store,
  town: TownRegistrations,
  folder: string,
  nowMs: number,
): Promise<ReadonlyMap<string, string>> {
  await registerBins(store, town);
  await registerDevices(store, town);
  await mountSensors(store, town, nowMs);
  return registerPrincipals(store, town.principals, path.join(folder, 'credentials.json'), nowMs);
}

async function registerBins(store: Store, town: TownRegistrations): Promise<void> {
  const known = new Set<string>((await listBins(store)).map(({ id }) => id));
  const missing = town.bins.filter(({ id }) => !known.has(id));
  if (missing.length === 0) return;
  await saveBins(
    store,
    missing.map((bin) => ({ ...bin, id: toBinId(bin.id), description: null })),
  );
}

async function registerDevices(store: Store, town: TownRegistrations): Promise<void> {
  const known = new Set<string>((await listDevices(store)).map(({ id }) => id));
  const missing = town.devices.filter(({ deviceId }) => !known.has(deviceId));
  if (missing.length === 0) return;
  await saveDevices(
    store,
    missing.map(({ deviceId, model, reportIntervalSeconds }) => ({
      id: toDeviceId(deviceId),
      model: model === null ? null : toCodec(model),
      reportIntervalSeconds,
    })),
  );
}

async function mountSensors(store: Store, town: TownRegistrations, nowMs: number): Promise<void> {
  const mounted = new Set<string>();
  for (const part of chunks(town.mountings, DEVICES_PER_QUERY)) {
    const ids = part.map(({ deviceId }) => deviceId);
    for (const { deviceId } of await listMountings(store.db, ids)) mounted.add(deviceId);
  }
  const missing = town.mountings.filter(({ deviceId }) => !mounted.has(deviceId));
  for (const part of chunks(missing, ROWS_PER_COMMIT)) {
    const mountings = part.map(({ deviceId, binId, geometry }) => ({
      deviceId: toDeviceId(deviceId),
      binId: toBinId(binId),
      geometry,
    }));
    for (const [index, result] of (await mountDevices(store, mountings, nowMs)).entries()) {
      if (result.ok) continue;
      throw new Error(`The simulated sensor ${part[index]?.deviceId}: ${result.detail}`);
    }
  }
}

/** Saves principals whose token we do not have, or which the database does not accept. Revoked ones stay out. */
async function registerPrincipals(
  store: Store,
  principals: readonly PrincipalRegistration[],
  file: string,
  nowMs: number,
): Promise<ReadonlyMap<string, string>> {
  const credentials = readCredentials(file);
  let isChanged = false;
  const stale: NewPrincipal[] = [];
  for (const principal of principals) {
    const stored = await findPrincipal(store, principal.id);
    let token = credentials.get(principal.id);
    if (stored !== undefined && token !== undefined) {
      if (stored.revokedAtMs !== null || acceptsToken(stored, token, nowMs)) continue;
    }
    if (token === undefined) {
      token = createToken();
      credentials.set(principal.id, token);
      isChanged = true;
    }
    stale.push({ principal, token });
  }
  // The file first: a token that is in the database only is lost.
  if (isChanged) writeCredentials(file, credentials);
  for (const part of chunks(stale, ROWS_PER_COMMIT)) await savePrincipals(store, part);
  return credentials;
}

function toBinId(text: string): BinId {
  const id = parseBinId(text);
  if (id === undefined) throw new Error(`The simulated town has the bin ${text}, which is no id`);
  return id;
}

function toDeviceId(text: string): DeviceId {
  const id = parseDeviceId(text);
  if (id === undefined)
    throw new Error(`The simulated town has the device ${text}, which is no id`);
  return id;
}

function toCodec(model: string): string {
  const codec = findCodec(model) ?? codecForAlias(model);
  if (codec === undefined) throw new Error(`There is no codec for the simulated model ${model}`);
  return codec.model;
}

function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
