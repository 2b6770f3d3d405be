import { afterAll, describe, expect, test } from 'vitest';
import { findEchoed, noteSent } from '../../store/command-events.ts';
import {
  claimCommand,
  listAwaited,
  listSendable,
  releaseClaims,
  renewClaims,
  undoClaim,
} from '../../store/command-sending.ts';
import {
  CLAIM_MS,
  addCommand,
  cancelCommand,
  findCommand,
  listCommands,
} from '../../store/commands.ts';
import { readChanges } from '../../store/changes.ts';
import { commandDraft, commandId } from '../../store/testing/command-draft.ts';
import { needs } from '../servers/needs.ts';
import { DIALECTS, openDialect, stopDialects } from './dialects.ts';
import type { Dialect } from './dialects.ts';

const NOW = 10_000;

afterAll(stopDialects);

for (const dialect of DIALECTS) {
  const suite = dialect === 'postgres' ? needs('postgresql-15') : describe;
  suite(`commands on ${dialect}`, () => describeCommands(dialect));
}

function describeCommands(dialect: Dialect): void {
  test('are kept as given, newest first, and told as changes', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    const bytes = Buffer.from('ff03b004', 'hex');
    await addCommand(store, commandDraft(commandId(1), { bytes, f_port: 85 }));
    await addCommand(
      store,
      commandDraft(commandId(2), { device_id: 'dev-2', requested_at: 2_000 }),
    );
    const rows = await listCommands(store, { limit: 10 });
    expect(rows.map(({ id }) => id)).toEqual([commandId(2), commandId(1)]);
    expect(rows[1]).toMatchObject({ state: 'queued', attempts: 0, bytes, f_port: 85 });
    expect(await listCommands(store, { deviceId: 'dev-2', state: 'sent', limit: 10 })).toEqual([]);
    const changes = await readChanges(store, 0, 10);
    expect(changes.map(({ kind, id }) => [kind, id])).toEqual([
      ['command', commandId(1)],
      ['command', commandId(2)],
    ]);
  });

  test('supersede what waits for the same device, but neither raw bytes nor what is being sent', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await addCommand(store, commandDraft(commandId(1)));
    await addCommand(store, commandDraft(commandId(2), { kind: 'raw' }));
    await addCommand(store, commandDraft(commandId(3), { device_id: 'dev-2' }));
    await addCommand(store, commandDraft(commandId(4), { requested_at: NOW }));
    expect(await findCommand(store, commandId(1))).toMatchObject({
      state: 'failed',
      detail: `superseded by ${commandId(4)}`,
      failed_at: NOW,
    });
    await addCommand(store, commandDraft(commandId(5), { kind: 'raw' }));
    await claimCommand(store, commandId(4), { holder: 'a', nowMs: NOW });
    await addCommand(store, commandDraft(commandId(6), { requested_at: NOW }));
    const waiting = await listCommands(store, { state: 'queued', limit: 10 });
    expect(waiting.map(({ id }) => id).sort()).toEqual([2, 3, 4, 5, 6].map(commandId));
  });

  test('can be taken back until somebody sends them', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await addCommand(store, commandDraft(commandId(1)));
    await addCommand(store, commandDraft(commandId(2), { kind: 'raw' }));
    expect(await cancelCommand(store, commandId(1), NOW)).toBe('cancelled');
    expect(await cancelCommand(store, commandId(1), NOW)).toBe('failed');
    expect(await findCommand(store, commandId(1))).toMatchObject({ detail: 'cancelled' });
    await claimCommand(store, commandId(2), { holder: 'a', nowMs: NOW });
    expect(await cancelCommand(store, commandId(2), NOW + CLAIM_MS - 1)).toBe('sending');
    expect(await cancelCommand(store, commandId(2), NOW + CLAIM_MS)).toBe('cancelled');
    expect(await cancelCommand(store, commandId(3), NOW)).toBe('unknown');
  });

  test('are claimed by one of many, until the claim has run out or is given back', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await addCommand(store, commandDraft(commandId(1)));
    const holders = ['a', 'b', 'c', 'd'];
    const stores = [store, opened.open(), opened.open(), opened.open()];
    const claims = await Promise.all(
      holders.map((holder, index) =>
        claimCommand(stores[index] ?? store, commandId(1), { holder, nowMs: NOW }),
      ),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    const winner = holders[claims.indexOf(true)] ?? '';
    expect(await listAwaited(store, NOW)).toEqual([]);
    // Prolonged by its holder only.
    const ids = [commandId(1)];
    expect(await renewClaims(store, ids, { holder: 'x', nowMs: NOW + 1_000 })).toEqual([]);
    expect(await renewClaims(store, ids, { holder: winner, nowMs: NOW + 1_000 })).toEqual(ids);
    expect(await listAwaited(store, NOW + CLAIM_MS)).toEqual([]);
    expect(await listAwaited(store, NOW + 1_000 + CLAIM_MS)).toEqual(['dev-1']);
    await releaseClaims(store, ids, winner);
    expect(await listAwaited(store, NOW)).toEqual(['dev-1']);
    expect(await claimCommand(store, commandId(1), { holder: 'b', nowMs: NOW })).toBe(true);
    await noteSent(store, { id: commandId(1), device_id: 'dev-1' }, NOW + 5);
    expect(await renewClaims(store, ids, { holder: 'b', nowMs: NOW })).toEqual([]);
    expect(await findCommand(store, commandId(1))).toMatchObject({
      state: 'sent',
      sent_at: NOW + 5,
      attempts: 2,
      attempted_at: NOW,
    });
  });

  test('that were claimed but not published are as before', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await addCommand(store, commandDraft(commandId(1)));
    const before = await findCommand(store, commandId(1));
    await claimCommand(store, commandId(1), { holder: 'a', nowMs: NOW });
    await undoClaim(store, commandId(1), 'b');
    expect(await listAwaited(store, NOW)).toEqual([]);
    await undoClaim(store, commandId(1), 'a');
    expect(await findCommand(store, commandId(1))).toEqual(before);
    await claimCommand(store, commandId(1), { holder: 'a', nowMs: NOW });
    await releaseClaims(store, [commandId(1)], 'a');
    await claimCommand(store, commandId(1), { holder: 'a', nowMs: NOW + 1 });
    await undoClaim(store, commandId(1), 'a');
    expect(await findCommand(store, commandId(1))).toMatchObject({
      attempts: 1,
      attempted_at: NOW,
    });
  });

  test('wait at their door, oldest first, while their time lasts', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await addCommand(store, commandDraft(commandId(1), { kind: 'raw', requested_at: 3_000 }));
    await addCommand(store, commandDraft(commandId(2), { kind: 'raw', requested_at: 2_000 }));
    await addCommand(store, commandDraft(commandId(3), { principal: 'gw', device_id: 'dev-3' }));
    await addCommand(store, commandDraft(commandId(4), { door: 'source-tts', principal: null }));
    await addCommand(store, commandDraft(commandId(5), { kind: 'raw', expires_at: NOW }));
    const waiting = await listSendable(store, { door: 'broker', principal: 'dev-1' }, NOW, 10);
    expect(waiting.map(({ id }) => id)).toEqual([commandId(2), commandId(1)]);
    expect((await listAwaited(store, NOW)).sort()).toEqual(['dev-1', 'gw']);
    const bySource = await listSendable(store, { door: 'source-tts' }, NOW, 10);
    expect(bySource.map(({ id }) => id)).toEqual([commandId(4)]);
  });

  test('are found by their echo once they have been sent, of the same device and bytes', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    const bytes = Buffer.from('ff03b004', 'hex');
    for (const number of [1, 2]) {
      await addCommand(store, commandDraft(commandId(number), { kind: `k${number}`, bytes }));
    }
    await claimCommand(store, commandId(1), { holder: 'a', nowMs: 500_000 });
    const echo = { deviceId: 'dev-1', bytes, atMs: 500_001 };
    const find = (...echoes: readonly (typeof echo)[]) =>
      store.db.transaction().execute((trx) => findEchoed(trx, echoes));
    expect(await find(echo)).toEqual([
      { commandId: commandId(1), deviceId: 'dev-1', state: 'acknowledged', atMs: 500_001 },
    ]);
    expect(await find({ ...echo, atMs: 400_000 })).toEqual([]);
    expect(await find({ ...echo, deviceId: 'dev-2' })).toEqual([]);
    expect(await find({ ...echo, bytes: bytes.subarray(1) })).toEqual([]);
    expect(await find()).toEqual([]);
  });
}
