import path from 'node:path';
import { parseBinId, parseDeviceId } from '../../domain/ids.ts';
import type { BinId, DeviceId } from '../../domain/ids.ts';
import { codecForAlias, findCodec } from '../../ingest/codecs/registry.ts';
import type { PrincipalRegistration, TownRegistrations } from '../../simulator/register.ts';
import { listBins, saveBins } from '../../store/bins.ts';
import type { Store } from '../../store/database.ts';
import { listDevices, saveDevices } from '../../store/devices.ts';
import { mountDevice } from '../../store/mount-device.ts';
import { listMountings } from '../../store/mountings.ts';
import { acceptsToken, createToken, findPrincipal, savePrincipal } from '../../store/principals.ts';
import { readCredentials, writeCredentials } from './credentials-file.ts';

/** Devices asked for at once: PostgreSQL and SQLite both bind as many parameters with room to spare. */
const DEVICES_PER_QUERY = 1000;

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
  const ids = town.mountings.map(({ deviceId }) => deviceId);
  const mounted = new Set<string>();
  for (let start = 0; start < ids.length; start += DEVICES_PER_QUERY) {
    const part = ids.slice(start, start + DEVICES_PER_QUERY);
    for (const { deviceId } of await listMountings(store.db, part)) mounted.add(deviceId);
  }
  for (const { deviceId, binId, geometry } of town.mountings) {
    if (mounted.has(deviceId)) continue;
    const mounting = { deviceId: toDeviceId(deviceId), binId: toBinId(binId), geometry };
    const result = await mountDevice(store, mounting, nowMs);
    if (!result.ok) throw new Error(`The simulated sensor ${deviceId}: ${result.detail}`);
  }
}

/** Saves principals whose token we do not have, or which the database does not accept. Revoked ones stay out. */
export async function registerPrincipals(
  store: Store,
  principals: readonly PrincipalRegistration[],
  file: string,
  nowMs: number,
): Promise<ReadonlyMap<string, string>> {
  const credentials = readCredentials(file);
  let isChanged = false;
  const stale: [PrincipalRegistration, string][] = [];
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
    stale.push([principal, token]);
  }
  // The file first: a token that is in the database only is lost.
  if (isChanged) writeCredentials(file, credentials);
  for (const [principal, token] of stale) await savePrincipal(store, principal, token);
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
