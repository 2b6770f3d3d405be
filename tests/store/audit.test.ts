import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { appendAudit, FIRST_HASH, hashRow } from '../../store/audit.ts';
import { dropOldAudit, listAudit, verifyAudit } from '../../store/audit-log.ts';
import { actingAs } from '../../store/database.ts';
import type { Store } from '../../store/database.ts';
import {
  createToken,
  revokePrincipal,
  rotateToken,
  savePrincipal,
} from '../../store/principals.ts';
import { writeWithoutWaiting } from '../../store/write-without-waiting.ts';
import { DIALECTS, openDialect, stopDialects } from './dialects.ts';

const DAY_MS = 24 * 3_600_000;

afterAll(stopDialects);

async function write(store: Store, subjects: readonly string[]): Promise<void> {
  await store.db.transaction().execute((trx) =>
    appendAudit(
      trx,
      store,
      subjects.map((subject) => ({ action: 'publish-refused', subject, atMs: 1 })),
    ),
  );
}

/** As somebody does who owns the database. */
async function tamper(store: Store, statement: string): Promise<void> {
  const guards =
    store.kind === 'sqlite'
      ? ['drop trigger audit_stands', 'drop trigger audit_stays']
      : ['drop trigger audit_stands on audit'];
  for (const text of [...guards, statement]) await sql.raw(text).execute(store.db);
}

describe.each(DIALECTS)('the audit on %s', (dialect) => {
  test('has what was done, by whom, in the transaction that did it', async () => {
    await using opened = await openDialect(dialect);
    const store = actingAs(opened.store, 'cli:anna');
    const principal = { id: 'bin-1', kind: 'device', prefixes: [], backfill: false } as const;
    await savePrincipal(store, principal, createToken());
    await rotateToken(store, 'bin-1', createToken(), 5);
    await revokePrincipal(store, 'bin-1', 7);
    await revokePrincipal(store, 'nobody', 7);
    const rows = await listAudit(store, { limit: 10 });
    expect(rows.map(({ action, actor, subject }) => [action, actor, subject])).toEqual([
      ['access-revoked', 'cli:anna', 'bin-1'],
      ['token-rotated', 'cli:anna', 'bin-1'],
      ['token-made', 'cli:anna', 'bin-1'],
    ]);
  });

  test('is a chain from its first row to its head', async () => {
    await using opened = await openDialect(dialect);
    await write(opened.store, ['a', 'b']);
    await write(opened.store, ['c']);
    const [c, b, a] = await listAudit(opened.store, { limit: 3 });
    if (a === undefined || b === undefined || c === undefined)
      throw new Error('three were written');
    expect(a.hash).toBe(hashRow(FIRST_HASH, a));
    expect(b.hash).toBe(hashRow(a.hash, b));
    const head = { seq: 3, hash: c.hash };
    expect(await verifyAudit(opened.store)).toEqual({ rows: 3, baseSeq: 0, head, faults: [] });
  });

  test('is one chain, whoever writes at the same time', async () => {
    await using opened = await openDialect(dialect);
    const writers = [opened.store, opened.open(), opened.open()];
    await Promise.all(
      writers.map(async (store, n) => {
        for (let i = 0; i < 20;) {
          const entry = { action: 'publish-refused', subject: `${n}-${i}` } as const;
          const done = await writeWithoutWaiting(store, (trx) => appendAudit(trx, store, [entry]));
          if (done) i += 1;
          else await setImmediate();
        }
      }),
    );
    const check = await verifyAudit(opened.store);
    expect(check).toMatchObject({ rows: 60, head: { seq: 60 }, faults: [] });
  });

  test.each([
    ['a changed row', `update audit set actor = 'nobody' where seq = 3`, [['changed', 3]]],
    ['a changed time', `update audit set at = 2 where seq = 1`, [['changed', 1]]],
    ['a row taken out', `delete from audit where seq = 3`, [['missing', 3]]],
    ['the first row taken out', `delete from audit where seq = 1`, [['missing', 1]]],
    ['the newest rows taken out', `delete from audit where seq > 3`, [['cut', 4]]],
    [
      'two rows in the other order',
      `update audit set seq = case seq when 2 then -3 else -2 end where seq in (2, 3);
       update audit set seq = -seq where seq < 0`,
      [
        ['changed', 2],
        ['changed', 3],
        ['changed', 4],
      ],
    ],
    [
      'a row moved to the end',
      `update audit set seq = 6 where seq = 2`,
      [
        ['missing', 2],
        ['changed', 6],
      ],
    ],
  ] as const)('betrays %s', async (_, statements, faults) => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await write(store, ['a', 'b', 'c', 'd', 'e']);
    const [first = '', ...others] = statements.split(';');
    await tamper(store, first);
    for (const statement of others) await sql.raw(statement).execute(store.db);
    const found = await verifyAudit(store);
    expect(found.faults.map(({ kind, seq }) => [kind, seq])).toEqual(faults);
  });

  test('betrays a newest row that was changed together with its hash', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await write(store, ['a', 'b']);
    const [newest, first] = await listAudit(store, { limit: 2 });
    if (newest === undefined || first === undefined) throw new Error('two were written');
    // It fits the row before it: only the head tells.
    const hash = hashRow(first.hash, { ...newest, actor: 'x' });
    await tamper(store, `update audit set actor = 'x', hash = '${hash}' where seq = 2`);
    expect((await verifyAudit(store)).faults).toEqual([{ kind: 'changed', seq: 2 }]);
  });

  test('that was written anew is betrayed by a head that somebody has kept', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await write(store, ['a', 'b']);
    const kept = (await verifyAudit(store)).head;
    await write(store, ['c']);
    expect((await verifyAudit(store, kept)).faults).toEqual([]);
    await tamper(store, 'delete from audit');
    await sql.raw('delete from audit_chain').execute(store.db);
    await write(store, ['x', 'y', 'z']);
    expect((await verifyAudit(store)).faults).toEqual([]);
    expect((await verifyAudit(store, kept)).faults).toEqual([{ kind: 'unexpected', seq: 2 }]);
  });

  test('is not changed by a mistake: its table refuses', async () => {
    await using opened = await openDialect(dialect);
    const { db } = opened.store;
    await write(opened.store, ['a']);
    const update = db.updateTable('audit').set({ actor: 'x' }).execute();
    await expect(update).rejects.toThrow('only added to');
    await expect(db.deleteFrom('audit').execute()).rejects.toThrow('only added to');
  });

  test('lets go of what was kept long enough, and still holds', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    const keepMs = 10 * DAY_MS;
    await write(store, ['a', 'b']);
    // On its first day retention learns that these two are there.
    expect(await dropOldAudit(store, { clockMs: 0, keepMs })).toBe(0);
    const kept = (await verifyAudit(store)).head;
    await write(store, ['c']);
    expect(await dropOldAudit(store, { clockMs: 5 * DAY_MS, keepMs })).toBe(0);
    expect(await dropOldAudit(store, { clockMs: 10 * DAY_MS + 1, keepMs })).toBe(2);
    expect(await verifyAudit(store)).toMatchObject({ rows: 1, baseSeq: 2, faults: [] });
    expect((await verifyAudit(store, kept)).faults).toEqual([]);
    expect((await listAudit(store, { limit: 9 })).map(({ subject }) => subject)).toEqual(['c']);
    await write(store, ['d']);
    expect(await verifyAudit(store)).toMatchObject({ rows: 2, head: { seq: 4 }, faults: [] });
  });

  test('keeps no more of a text from outside than fits, and nothing that a database refuses', async () => {
    await using opened = await openDialect(dialect);
    const { store } = opened;
    await store.db.transaction().execute((trx) =>
      appendAudit(trx, store, [
        {
          action: 'connect-refused',
          subject: `\0\ud800${'x'.repeat(10_000)}`,
          detail: { topic: '\0\ud800'.repeat(10_000) },
        },
      ]),
    );
    const [row] = await listAudit(store, { limit: 1 });
    expect(row?.subject.length).toBeLessThanOrEqual(200);
    expect(row?.detail.length).toBeLessThan(10_000);
    expect((await verifyAudit(store)).faults).toEqual([]);
  });
});
