import { join } from 'node:path';
import net from 'node:net';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JournalRecord } from '../../journal/record.ts';
import { openJournalReader } from '../../journal/reader.ts';
import { openJournalWriter } from '../../journal/writer.ts';
import { createToken, savePrincipal } from '../../store/principals.ts';
import type { PrincipalKind } from '../../store/principals.ts';
import { Problem } from '../api/town.ts';
import { NOW_MS, openDashboard } from './testing/open-dashboard.ts';
import type { Answer, AskInit, TestDashboard } from './testing/open-dashboard.ts';

let dashboard: TestDashboard;
let headers: { Authorization: string };

beforeEach(async () => {
  dashboard = await openDashboard();
  headers = await add('tts', 'gateway', ['uplinks/ttn-v3/#', 'uplinks/my-source/#']);
});
afterEach(async () => {
  await dashboard[Symbol.asyncDispose]();
});

async function add(id: string, kind: PrincipalKind, prefixes: readonly string[], more = {}) {
  const token = createToken();
  await savePrincipal(dashboard.store, { id, kind, prefixes, backfill: false, ...more }, token);
  return { Authorization: `Bearer ${token}` };
}

function send(init: AskInit = {}, path = '/api/v1/uplinks/ttn-v3'): Promise<Answer> {
  const all = { 'Content-Type': 'application/json', ...headers, ...init.headers };
  return dashboard.ask(path, { method: 'POST', body: '{"a":1}', ...init, headers: all });
}

function readJournal(): JournalRecord[] {
  const reader = openJournalReader(join(dashboard.journalFolder, 'webhooks.sqlite'));
  try {
    return [...reader.read(0, 10_000).records];
  } finally {
    reader.close();
  }
}

describe('a message of a network server', () => {
  test('is in the journal as it was sent, when it is answered', async () => {
    const body = Buffer.from(' {"é":\t"\\u0000"}\n\xff', 'latin1');
    const answer = await send({ body });
    expect([answer.status, answer.json]).toEqual([200, { status: 'kept' }]);
    expect(readJournal()).toEqual([
      {
        ...{ seq: 1, receivedAtMs: NOW_MS, principal: 'tts', topic: 'uplinks/ttn-v3' },
        ...{ qos: 1, messageId: null, dup: false, backfill: false, payload: body },
      },
    ]);
  });

  test('brings its event in the address, and whatever else network servers add', async () => {
    await send({}, '/api/v1/uplinks/my-source?event=up');
    await send({}, '/api/v1/uplinks/my-source?LrnDevEui=00&LrnFPort=2&AS_ID=x&Token=%27%3B');
    expect(readJournal().map(({ topic }) => topic)).toEqual([
      'uplinks/my-source/up',
      'uplinks/my-source',
    ]);
  });

  test('may be history when its sender may send that', async () => {
    const archive = await add('archive', 'gateway', ['uplinks/#'], { backfill: true });
    await send({ headers: archive });
    expect(readJournal()).toMatchObject([{ principal: 'archive', backfill: true }]);
  });

  test('comes with a password where a server knows no other way', async () => {
    const token = headers.Authorization.replace('Bearer ', '');
    const basic = `Basic ${Buffer.from(`tts:${token}`).toString('base64')}`;
    expect((await send({ headers: { Authorization: basic } })).status).toBe(200);
  });

  test('reaches us by a public name that is ours', async () => {
    expect((await send({ headers: { Host: 'tunna.example' } })).status).toBe(200);
    const other = await send({ headers: { Host: 'other.example' } });
    expect([other.status, other.text]).toEqual([421, expect.stringContaining('ALLOWED_HOSTS')]);
  });
});

describe('a message is refused, and not in the journal,', () => {
  test('without the token of a gateway that may send it', async () => {
    const device = await add('dev-1', 'device', []);
    const office = await add('office', 'operator', []);
    const other = await add('other', 'gateway', ['v3/#', 'uplinks/ttn-v3', 'uplinks/ttn-v30/#']);
    for (const [status, authorization] of [
      [401, 'Bearer wrong'],
      [401, ''],
      [403, device.Authorization],
      [403, office.Authorization],
      [403, other.Authorization],
    ] as const) {
      const answer = await send({ headers: { Authorization: authorization } });
      expect(answer.status).toBe(status);
      expect(Problem.parse(answer.json)).toMatchObject({ status });
    }
    expect(readJournal()).toEqual([]);
  });

  test('when there is no such source; which there are is only told to those who have a token', async () => {
    const path = '/api/v1/uplinks/ttn-v4';
    const known = await send({}, path);
    expect([known.status, known.text]).toEqual([404, expect.stringContaining('ttn-v3, my-source')]);
    const stranger = await send({ headers: { Authorization: 'Bearer x' } }, path);
    expect([stranger.status, stranger.text]).toEqual([401, expect.not.stringContaining('ttn-v3')]);
  });

  test.each([
    '/api/v1/uplinks/TTN-V3',
    '/api/v1/uplinks/a%2Fb',
    '/api/v1/uplinks/%23',
    '/api/v1/uplinks/..%00',
    `/api/v1/uplinks/${'x'.repeat(1_000)}`,
    '/api/v1/uplinks/ttn-v3?event=a/b',
    '/api/v1/uplinks/ttn-v3?event=%23',
    '/api/v1/uplinks/ttn-v3?event=%2B',
    '/api/v1/uplinks/ttn-v3?event=',
    '/api/v1/uplinks/ttn-v3?event=up&event=down',
    `/api/v1/uplinks/ttn-v3?event=${'x'.repeat(33)}`,
  ])('when its address would make another topic: %s', async (path) => {
    expect((await send({}, path)).status).toBe(400);
    expect(readJournal()).toEqual([]);
  });

  const tooLong = 'x'.repeat(128 * 1024 + 1);
  test.each([
    ['a form', 415, { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }],
    ['files', 415, { headers: { 'Content-Type': 'multipart/form-data; boundary=x' } }],
    ['bytes', 415, { headers: { 'Content-Type': 'application/octet-stream' } }],
    ['XML', 415, { headers: { 'Content-Type': 'application/xml' } }],
    ['nonsense', 415, { headers: { 'Content-Type': 'x'.repeat(5_000) } }],
    ['compressed', 415, { headers: { 'Content-Encoding': 'gzip' } }],
    ['nothing', 400, { body: '' }],
    ['too long', 413, { body: tooLong }],
    ['too long in chunks', 413, { body: tooLong, headers: { 'Transfer-Encoding': 'chunked' } }],
  ] as const)('when its body is %s', async (_what, status, init) => {
    expect((await send(init)).status).toBe(status);
    expect(readJournal()).toEqual([]);
  });

  test('unless its body is text of a length that a gateway may send', async () => {
    for (const init of [
      { body: tooLong.slice(1) },
      { headers: { 'Content-Type': 'application/vnd.api+json' } },
      { headers: { 'Content-Type': 'text/plain; charset=utf-8' } },
    ]) {
      expect((await send(init)).status).toBe(200);
    }
    expect(readJournal()).toHaveLength(3);
  });

  test('when it breaks off', async () => {
    const socket = net.connect(dashboard.port, '127.0.0.1');
    const head = [
      'POST /api/v1/uplinks/ttn-v3 HTTP/1.1',
      'Host: localhost',
      `Authorization: ${headers.Authorization}`,
      'Content-Type: application/json',
      'Content-Length: 1000',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n{"half":`, () => socket.destroy());
    await vi.waitFor(async () => {
      const { text } = await dashboard.ask('/metrics');
      expect(text).toContain('tunna_webhook_messages_total{outcome="refused-400"} 1');
    });
    expect(readJournal()).toEqual([]);
  });

  test('when it comes too slowly, and its place is free again', { timeout: 60_000 }, async () => {
    const socket = net.connect(dashboard.port, '127.0.0.1');
    const head = [
      'POST /api/v1/uplinks/ttn-v3 HTTP/1.1',
      'Host: localhost',
      `Authorization: ${headers.Authorization}`,
      'Content-Type: application/json',
      'Content-Length: 1000',
    ];
    const closed = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString('latin1')));
      socket.on('error', () => {});
      socket.on('close', () => resolve(text));
    });
    const trickle = setInterval(() => socket.write('x'), 500);
    socket.write(`${head.join('\r\n')}\r\n\r\n{`);
    expect(await closed).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(trickle);
    expect(readJournal()).toEqual([]);
    expect((await send()).status).toBe(200);
    const { text } = await dashboard.ask('/metrics');
    expect(text).toContain('tunna_webhook_messages_total{outcome="refused-400"} 1');
    expect(dashboard.complaints).toEqual([]);
  });

  test('to every other method', async () => {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await send({ method, body: '' });
      expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
    }
  });
});

describe('the answer', () => {
  test('does not come before the commit', async () => {
    await send();
    const blocker = new Sqlite(join(dashboard.journalFolder, 'webhooks.sqlite'));
    blocker.exec('begin immediate');
    let answered = false;
    const answer = send().then((got) => {
      answered = true;
      return got;
    });
    // The page goes on meanwhile: whatever was ready to be said has been.
    for (let asked = 0; asked < 20; asked += 1) await dashboard.ask('/api/v1/bins');
    expect([answered, readJournal()]).toEqual([false, [expect.objectContaining({ seq: 1 })]]);
    blocker.exec('rollback');
    blocker.close();
    expect((await answer).status).toBe(200);
    expect(readJournal()).toHaveLength(2);
  });

  test('is to come again while the journal cannot be had, which keeps nobody from the page', async () => {
    const folder = join(dashboard.journalFolder, 'elsewhere');
    const other = await openJournalWriter({ folder, door: 'webhooks' });
    const webhooks = { journalFolder: folder, sources: ['ttn-v3'] };
    const { store } = dashboard;
    await using second = await openDashboard({ store, webhooks });
    const all = { 'Content-Type': 'application/json', ...headers };
    const init = { method: 'POST', body: '{}', headers: all };
    const answer = await second.ask('/api/v1/uplinks/ttn-v3', init);
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
    expect((await second.ask('/api/v1/bins')).status).toBe(200);
    await other.close();
    await vi.waitFor(
      async () => expect((await second.ask('/api/v1/uplinks/ttn-v3', init)).status).toBe(200),
      { timeout: 15_000, interval: 200 },
    );
  });

  test('is to come again when the journal has broken down, and good when it works again', async () => {
    const file = new Sqlite(join(dashboard.journalFolder, 'webhooks.sqlite'));
    file.exec('alter table records rename to records_away');
    const refused = await send();
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5']);
    file.exec('alter table records_away rename to records');
    file.close();
    expect((await send()).status).toBe(200);
    expect(readJournal()).toHaveLength(1);
  });

  test('is good for who is known while the database is away', async () => {
    await send();
    const { schema } = dashboard.store.db;
    const stranger = await add('late', 'gateway', ['uplinks/#']);
    await schema.alterTable('principals').renameTo('principals_away').execute();
    expect((await send()).status).toBe(200);
    expect((await send({ headers: stranger })).status).toBe(500);
    await schema.alterTable('principals_away').renameTo('principals').execute();
    expect(readJournal()).toHaveLength(2);
  });
});

describe('a sender that is too eager', () => {
  test('is told to slow down, unless it may send history', async () => {
    const webhooks = {
      journalFolder: join(dashboard.journalFolder, 'limited'),
      sources: ['ttn-v3'],
      limits: { perSecond: 0.001, burst: 3 },
    };
    await using limited = await openDashboard({ store: dashboard.store, webhooks });
    const archive = await add('archive', 'gateway', ['uplinks/#'], { backfill: true });
    const ask = (who: object): Promise<Answer> =>
      limited.ask('/api/v1/uplinks/ttn-v3', {
        ...{ method: 'POST', body: '{}' },
        headers: { 'Content-Type': 'application/json', ...who },
      });
    const statuses: number[] = [];
    for (let sent = 0; sent < 5; sent += 1) statuses.push((await ask(headers)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    for (let sent = 0; sent < 5; sent += 1) expect((await ask(archive)).status).toBe(200);
    expect((await ask(headers)).headers['retry-after']).toBe('1');
  });

  test('has so many requests at a time, and leaves room for others', async () => {
    const webhooks = {
      journalFolder: join(dashboard.journalFolder, 'limited'),
      sources: ['ttn-v3'],
      limits: { concurrentPerSender: 2, concurrent: 3 },
    };
    await using limited = await openDashboard({ store: dashboard.store, webhooks });
    const other = await add('other', 'gateway', ['uplinks/#']);
    const ask = (who: object): Promise<Answer> =>
      limited.ask('/api/v1/uplinks/ttn-v3', {
        ...{ method: 'POST', body: '{}' },
        headers: { 'Content-Type': 'application/json', ...who },
      });
    await ask(headers);
    const blocker = new Sqlite(join(webhooks.journalFolder, 'webhooks.sqlite'));
    blocker.exec('begin immediate');
    const answers: Answer[] = [];
    const asked = [headers, headers, headers, headers, other, other].map(async (who) => {
      answers.push(await ask(who));
    });
    // Two of the first sender and one of the other wait for the disk.
    await vi.waitFor(() => expect(answers).toHaveLength(3));
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    blocker.exec('rollback');
    blocker.close();
    await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 200, 200, 200]);
    expect((await ask(headers)).status).toBe(200);
  });
});

test('what is kept and what is refused is counted', async () => {
  await send();
  await send({ body: '' });
  await send({ headers: { Authorization: 'Bearer x' } });
  const { text } = await dashboard.ask('/metrics');
  for (const line of [
    'tunna_webhook_messages_total{outcome="kept"} 1',
    'tunna_webhook_messages_total{outcome="refused-400"} 1',
    'tunna_webhook_messages_total{outcome="refused-401"} 1',
    'tunna_http_refused_total{reason="credentials"} 1',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text).not.toContain(headers.Authorization.slice(7));
});
