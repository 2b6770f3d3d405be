import { writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { mosquittoPub, startMosquitto } from '../servers/mosquitto.ts';
import { needs } from '../servers/needs.ts';
import { freePort } from '../servers/free-port.ts';
import { Authority } from './certificates.ts';
import { passwordLine } from './mosquitto-passwords.ts';
import { MqttTap } from './mqtt-tap.ts';
import { ScriptedBroker } from './scripted-broker.ts';
import { SourceBench } from './source-bench.ts';
import type { RunningSources } from './source-bench.ts';
import { numbered, publishAll, withClient } from './test-messages.ts';

const WAIT = { timeout: 30_000, interval: 20 };

const ERROR = 50;

async function untilConnected(sources: RunningSources, source: string): Promise<void> {
  await vi.waitFor(
    async () => expect(await sources.metric('tunna_source_connected', { source })).toBe(1),
    WAIT,
  );
}

function city(url: string, more: object = {}) {
  return { name: 'city', mqtt: { url, topics: ['bins/#'], ...more } };
}

needs('mosquitto', 'mosquitto-clients')('a source', () => {
  test('comes back to a broker that was started again, and subscribes anew', async () => {
    await using broker = await startMosquitto();
    await using bench = await SourceBench.open();
    const sources = bench.run([city(broker.url)]);
    await untilConnected(sources, 'city');
    await publishAll(broker.port, 'bins/a', ['before']);
    await vi.waitFor(() => expect(bench.payloads('city')).toEqual(['before']), WAIT);
    await broker.crash();
    await vi.waitFor(
      async () => expect(await sources.metric('tunna_source_connected', {})).toBe(0),
      WAIT,
    );
    await vi.waitFor(
      async () =>
        expect(
          await sources.metric('tunna_source_failures_total', { reason: 'network' }),
        ).toBeGreaterThan(2),
      WAIT,
    );
    await broker.start();
    await untilConnected(sources, 'city');
    await publishAll(broker.port, 'bins/a', ['after']);
    await vi.waitFor(() => expect(bench.payloads('city')).toEqual(['before', 'after']), WAIT);
    const told = bench.lines.filter(({ msg }) => msg.startsWith('The source is not reachable'));
    // Its end, and that it is away; not every attempt.
    expect(told.length).toBeLessThanOrEqual(2);
  });

  test('that is away does not disturb another', async () => {
    await using broker = await startMosquitto();
    await using bench = await SourceBench.open();
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    const away = { name: 'away', mqtt: { url, topics: ['#'] } };
    const parks = { name: 'parks', mqtt: { url: broker.url, topics: ['parks/#'] } };
    const sources = bench.run([away, city(broker.url), parks]);
    await untilConnected(sources, 'city');
    await untilConnected(sources, 'parks');
    await publishAll(broker.port, 'bins/a', numbered(50));
    await publishAll(broker.port, 'parks/a', numbered(50, 50));
    await vi.waitFor(() => expect(bench.payloads('city')).toEqual(numbered(50)), WAIT);
    await vi.waitFor(() => expect(bench.payloads('parks')).toEqual(numbered(50, 50)), WAIT);
    expect(await sources.metric('tunna_source_connected', { source: 'away' })).toBe(0);
    expect(bench.lines.find(({ source }) => source === 'away')?.reason).toMatch(/ECONNREFUSED/);
    expect(bench.records('away')).toEqual([]);
  });

  test('with a wrong password says so once, and is let in when its file is put right', async () => {
    await using bench = await SourceBench.open();
    const password_file = bench.writeFile('passwords', passwordLine('tunna', 'right'));
    await using broker = await startMosquitto({
      settings: ['allow_anonymous false', `password_file ${password_file}`],
    });
    const passwordFile = bench.writeFile('secret', 'wrong\n');
    const sources = bench.run([city(broker.url, { username: 'tunna', passwordFile })]);
    const refusals = { reason: 'refused' };
    await vi.waitFor(
      async () =>
        expect(await sources.metric('tunna_source_failures_total', refusals)).toBeGreaterThan(2),
      WAIT,
    );
    const errors = bench.lines.filter(({ level }) => level >= ERROR);
    expect(errors).toHaveLength(1);
    expect(errors).toMatchObject([
      {
        source: 'city',
        msg: 'The source does not let us in; it will be tried again, slowly',
        reason: 'Connection refused: Not authorized',
      },
    ]);
    expect(JSON.stringify(bench.lines)).not.toContain('wrong');
    writeFileSync(passwordFile, 'right\n');
    await untilConnected(sources, 'city');
  });

  test('has a client id that stays the same, and that another installation does not have', async () => {
    await using broker = await startMosquitto();
    await using bench = await SourceBench.open();
    await using other = await SourceBench.open();
    const seen: string[] = [];
    await using tap = await MqttTap.open(broker.port, {
      onFromClient: (packet) => packet.cmd === 'connect' && seen.push(packet.clientId),
    });
    for (const each of [bench, bench, other]) {
      const sources = each.run([city(tap.url)]);
      await untilConnected(sources, 'city');
      await sources.stop();
    }
    expect(seen).toHaveLength(3);
    expect(seen[0]).toMatch(/^tunna-city-[0-9a-f]{8}$/);
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).not.toBe(seen[0]);
  });

  test('is reached over TLS with a certificate of its own, an authority of its own and a password', async () => {
    await using bench = await SourceBench.open();
    const authority = new Authority(bench.folder, 'authority');
    const server = authority.sign('server');
    authority.sign('client');
    const port = await freePort();
    const password_file = bench.writeFile('passwords', passwordLine('tunna', 's3cret'));
    const webPort = await freePort();
    const encrypted = [
      `cafile ${authority.cert}`,
      `certfile ${server.cert}`,
      `keyfile ${server.key}`,
      'require_certificate true',
    ];
    const listener = [
      `password_file ${password_file}`,
      ...[`listener ${port} 127.0.0.1`, ...encrypted],
      ...[`listener ${webPort} 127.0.0.1`, 'protocol websockets', ...encrypted],
    ];
    await using broker = await startMosquitto({ settings: listener });
    const files = {
      caFile: 'authority.pem',
      certFile: 'client.pem',
      keyFile: 'client.key',
      usernameFile: bench.writeFile('user', 'tunna\n'),
      passwordFile: bench.writeFile('secret', 's3cret\n'),
    };
    const url = `mqtts://127.0.0.1:${port}`;
    const { caFile: _, ...untrusting } = files;
    const sources = bench.run([
      city(url, files),
      { ...city(url, untrusting), name: 'untrusting' },
      { ...city(url, { caFile: files.caFile }), name: 'bare' },
      { ...city(`wss://127.0.0.1:${webPort}/mqtt`, files), name: 'web' },
    ]);
    for (const source of ['city', 'web']) await untilConnected(sources, source);
    await publishAll(broker.port, 'bins/a', numbered(10));
    for (const source of ['city', 'web']) {
      await vi.waitFor(() => expect(bench.payloads(source)).toEqual(numbered(10)), WAIT);
    }
    for (const source of ['untrusting', 'bare']) {
      await vi.waitFor(
        () => expect(bench.lines.filter((line) => line.source === source)).toHaveLength(1),
        WAIT,
      );
      expect(await sources.metric('tunna_source_connected', { source })).toBe(0);
    }
    const refused = { source: 'untrusting', reason: 'refused' };
    expect(await sources.metric('tunna_source_failures_total', refused)).toBeGreaterThan(0);
  });

  test('is reached over WebSocket', async () => {
    const port = await freePort();
    await using broker = await startMosquitto({
      settings: [`listener ${port} 127.0.0.1`, 'protocol websockets'],
    });
    await using bench = await SourceBench.open();
    const sources = bench.run([city(`ws://127.0.0.1:${port}/mqtt`)]);
    await untilConnected(sources, 'city');
    await publishAll(broker.port, 'bins/a', numbered(200));
    await vi.waitFor(
      async () => expect(await sources.metric('tunna_source_acknowledged_total', {})).toBe(200),
      WAIT,
    );
    expect(bench.payloads('city')).toEqual(numbered(200));
    await broker.crash();
    await vi.waitFor(
      async () =>
        expect(
          await sources.metric('tunna_source_failures_total', { reason: 'network' }),
        ).toBeGreaterThan(1),
      WAIT,
    );
    await broker.start();
    await untilConnected(sources, 'city');
  });

  test('keeps what comes at QoS 0, and gets at QoS 1 what was published at 2', async () => {
    await using broker = await startMosquitto();
    await using bench = await SourceBench.open();
    const topics = [{ filter: 'loose/#', qos: 0 }, 'firm/#'];
    const sources = bench.run([{ name: 'city', mqtt: { url: broker.url, topics } }]);
    await untilConnected(sources, 'city');
    const base = ['-h', '127.0.0.1', '-p', String(broker.port), '-q', '2'];
    await mosquittoPub([...base, '-t', 'loose/a', '-m', 'one']);
    await mosquittoPub([...base, '-t', 'firm/a', '-m', 'two']);
    await vi.waitFor(() => expect(bench.records('city')).toHaveLength(2), WAIT);
    expect(bench.records('city')).toMatchObject([
      { topic: 'loose/a', qos: 0, messageId: null, principal: 'city' },
      { topic: 'firm/a', qos: 1, principal: 'city' },
    ]);
  });

  test('passes over what a broker had retained, unless it is wanted', async () => {
    await using broker = await startMosquitto();
    await using bench = await SourceBench.open();
    const base = ['-h', '127.0.0.1', '-p', String(broker.port), '-q', '1', '-t', 'bins/a'];
    await mosquittoPub([...base, '-r', '-m', 'of yesterday']);
    const wanting = { ...city(broker.url, { retained: true }), name: 'wanting' };
    const sources = bench.run([city(broker.url), wanting]);
    await untilConnected(sources, 'city');
    await untilConnected(sources, 'wanting');
    // Retained too, but published now: no subscriber gets it as retained.
    await mosquittoPub([...base, '-r', '-m', 'of now']);
    await vi.waitFor(() => expect(bench.payloads('city')).toEqual(['of now']), WAIT);
    await vi.waitFor(
      () => expect(bench.payloads('wanting')).toEqual(['of yesterday', 'of now']),
      WAIT,
    );
    const skipped = { source: 'city', outcome: 'retained' };
    expect(await sources.metric('tunna_source_messages_total', skipped)).toBe(1);
  });

  test('gives up a filter that is configured no more, though the broker has kept the session', async () => {
    await using broker = await startMosquitto();
    await using bench = await SourceBench.open();
    const before = bench.run([city(broker.url, { topics: ['bins/#', 'parks/#', 'lakes/#'] })]);
    await untilConnected(before, 'city');
    await before.stop();
    const after = bench.run([city(broker.url, { topics: ['lakes/#', 'bins/#'] })]);
    await untilConnected(after, 'city');
    await publishAll(broker.port, 'parks/a', ['unwanted']);
    await publishAll(broker.port, 'lakes/a', ['wanted']);
    await publishAll(broker.port, 'bins/a', ['wanted too']);
    await vi.waitFor(() => expect(bench.payloads('city')).toEqual(['wanted', 'wanted too']), WAIT);
    expect(bench.lines.at(-1)).toMatchObject({ sessionPresent: true });
  });

  test('carries what is published to it, and says when it cannot', async () => {
    await using broker = await startMosquitto();
    await using bench = await SourceBench.open();
    await using tap = await MqttTap.open(broker.port);
    const sources = bench.run([city(tap.url)]);
    await untilConnected(sources, 'city');
    await withClient(broker.url, {}, async (client) => {
      const got = new Promise<string>((resolve) =>
        client.once('message', (_topic, payload) => resolve(payload.toString())),
      );
      await client.subscribeAsync('down/#', { qos: 1 });
      await sources.publish('city', { topic: 'down/a', payload: 'open', qos: 1 });
      expect(await got).toBe('open');
    });
    await broker.crash();
    await vi.waitFor(
      async () => expect(await sources.metric('tunna_source_connected', {})).toBe(0),
      WAIT,
    );
    await expect(
      sources.publish('city', { topic: 'down/a', payload: 'open', qos: 1 }),
    ).rejects.toThrow('the source city is not connected');
    await expect(
      sources.publish('nobody', { topic: 'down/a', payload: 'open', qos: 1 }),
    ).rejects.toThrow('there is no source nobody');
  });

  test('that loses its connection before the acknowledgement of what it published says so', async () => {
    await using bench = await SourceBench.open();
    await using broker = await ScriptedBroker.open({ granted: () => 1 });
    const sources = bench.run([city(broker.url)]);
    await untilConnected(sources, 'city');
    const published = sources
      .publish('city', { topic: 'down/a', payload: 'open', qos: 1 })
      .catch((error: unknown) => error);
    await vi.waitFor(() => expect(broker.received).toContain('publish'), WAIT);
    await broker[Symbol.asyncDispose]().catch(() => {});
    expect(await published).toMatchObject({
      message: expect.stringMatching(/ended before the acknowledgement/),
    });
  });

  test('that takes some of the subscriptions is used for these, and the others are named', async () => {
    await using bench = await SourceBench.open();
    await using broker = await ScriptedBroker.open({
      granted: (filter) => ({ 'a/#': 1, 'b/#': 0x80, 'c/#': 0 })[filter] ?? 0x80,
    });
    const mqtt = { url: broker.url, topics: ['a/#', 'b/#', 'c/#'] };
    const sources = bench.run([
      { name: 'some', mqtt },
      { name: 'none', mqtt: { ...mqtt, topics: ['b/#'] } },
    ]);
    await untilConnected(sources, 'some');
    const said = (source: string): readonly object[] =>
      bench.lines.filter((line) => line.source === source);
    expect(said('some')).toMatchObject([
      { msg: 'The source is connected' },
      { level: ERROR, msg: 'The source refuses some of the topics', filters: ['b/#'] },
      { msg: expect.stringContaining('offers QoS 0 only'), filters: ['c/#'] },
    ]);
    await vi.waitFor(
      () =>
        expect(said('none')).toMatchObject([{ level: ERROR, reason: 'the broker refuses b/#' }]),
      WAIT,
    );
  });

  test('that does not answer SUBSCRIBE is given up, and tried again', async () => {
    await using bench = await SourceBench.open();
    await using broker = await ScriptedBroker.open({});
    const sources = bench.run([city(broker.url)], { answerMs: 100 });
    await vi.waitFor(() => expect(broker.connects.length).toBeGreaterThan(2), WAIT);
    expect(bench.lines).toMatchObject([{ reason: 'the broker does not answer SUBSCRIBE' }]);
    expect(await sources.metric('tunna_source_connected', {})).toBe(0);
  });

  test('asks for a session that is kept, under the id and with the name it was told', async () => {
    await using bench = await SourceBench.open();
    await using broker = await ScriptedBroker.open({ granted: () => 1 });
    const passwordFile = bench.writeFile('secret', 'k');
    const login = { username: 'org', passwordFile, clientId: 'org:tunna' };
    const sources = bench.run([city(broker.url, login)]);
    await untilConnected(sources, 'city');
    expect(broker.connects).toMatchObject([
      {
        clean: false,
        protocolVersion: 4,
        clientId: 'org:tunna',
        username: 'org',
        password: Buffer.from('k'),
      },
    ]);
  });

  test('that sends at QoS 2 all the same is not acknowledged', async () => {
    await using bench = await SourceBench.open();
    const message = { topic: 'bins/a', payload: 'x', messageId: 1, qos: 2 } as const;
    await using broker = await ScriptedBroker.open({
      granted: () => 1,
      messages: [{ cmd: 'publish', dup: false, retain: false, ...message }],
    });
    const sources = bench.run([city(broker.url)]);
    const failures = { reason: 'protocol' };
    await vi.waitFor(
      async () =>
        expect(await sources.metric('tunna_source_failures_total', failures)).toBeGreaterThan(1),
      WAIT,
    );
    expect(broker.received.filter((cmd) => cmd === 'pubrec' || cmd === 'puback')).toEqual([]);
    expect(bench.lines.find(({ level }) => level === ERROR)?.reason).toMatch(/QoS 2/);
  });

  test('whose connections end at once is said to have a rival for its client id', async () => {
    await using broker = await startMosquitto();
    await using bench = await SourceBench.open();
    await using tap = await MqttTap.open(broker.port);
    const sources = bench.run([city(tap.url)]);
    const isRival = ({ msg }: { readonly msg: string }): boolean => /same client id/.test(msg);
    for (let times = 0; times < 3; times += 1) {
      await untilConnected(sources, 'city');
      tap.cut();
      await vi.waitFor(
        async () => expect(await sources.metric('tunna_source_connected', {})).toBe(0),
        WAIT,
      );
    }
    await vi.waitFor(() => expect(bench.lines.filter(isRival)).toHaveLength(1), WAIT);
  });

  test('that has a journal somebody else writes to waits for it', async () => {
    await using broker = await startMosquitto();
    await using bench = await SourceBench.open();
    const first = bench.run([city(broker.url)]);
    await untilConnected(first, 'city');
    const second = bench.run([city(broker.url)]);
    await vi.waitFor(
      async () =>
        expect(
          await second.metric('tunna_source_failures_total', { reason: 'journal' }),
        ).toBeGreaterThan(1),
      WAIT,
    );
    expect(await first.metric('tunna_source_connected', {})).toBe(1);
    await first.stop();
    await untilConnected(second, 'city');
    await publishAll(broker.port, 'bins/a', ['x']);
    await vi.waitFor(() => expect(bench.payloads('city')).toEqual(['x']), WAIT);
  });
});
