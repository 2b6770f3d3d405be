import { expect, test, vi } from 'vitest';
import { listAudit, verifyAudit } from '../../../store/audit-log.ts';
import type { AuditRow } from '../../../store/schema.ts';
import { createToken, savePrincipal } from '../../../store/principals.ts';
import { openDashboard } from '../testing/open-dashboard.ts';

const ROUTE = '/api/v1/quarantine?limit=1';

test('requests without a good token are in the audit: the first of a kind at once, the others as one row', async () => {
  await using dashboard = await openDashboard();
  const { store } = dashboard;
  const ask = async (token: string): Promise<number> => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await dashboard.ask(ROUTE, { headers })).status;
  };
  const refusals = (): Promise<AuditRow[]> =>
    listAudit(store, { action: 'request-refused', limit: 9 });
  const token = createToken();
  await savePrincipal(store, { id: 'eyes', kind: 'reader', prefixes: [], backfill: false }, token);

  expect(await ask('wrong')).toBe(401);
  await vi.waitFor(async () => expect(await refusals()).toHaveLength(1), 10_000);
  for (let times = 0; times < 5; times += 1) expect(await ask('wrong')).toBe(401);
  expect(await ask(token)).toBe(403);
  await dashboard.stop();

  const rows = (await refusals()).toReversed();
  expect(rows).toMatchObject([
    { actor: '127.0.0.1', subject: 'GET /api/v1/quarantine', times: 1 },
    { actor: 'eyes', subject: 'GET /api/v1/quarantine', times: 1 },
    { actor: '127.0.0.1', subject: 'GET /api/v1/quarantine', times: 5 },
  ]);
  expect(rows.map(({ detail }) => JSON.parse(detail))).toMatchObject([
    { reason: 'credentials' },
    { reason: 'kind' },
    { reason: 'credentials' },
  ]);
  expect(JSON.stringify(rows)).not.toContain(token);
  expect((await verifyAudit(store)).faults).toEqual([]);
});
