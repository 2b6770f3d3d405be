import { registerHooks } from 'node:module';

/**
 * One protection taken out of the product as it is loaded, so that a test of that protection must fail. Nothing in the
 * product knows of this: the text of a file is changed on its way into Node.
 */
export type Sabotage = readonly {
  /** End of the file's path. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}[];

/** Long enough for a kill at a random time to fall into it. */
const GAP_MS = 300;

export const SABOTAGES = {
  /** Commits reach the kernel, but not the disk. */
  'relaxed-sync': [
    {
      file: 'journal/journal-file.ts',
      from: "database.pragma('synchronous = FULL')",
      to: "database.pragma('synchronous = NORMAL')",
    },
    {
      file: 'journal/journal-file.ts',
      from: "database.pragma('synchronous', { simple: true }) !== 2",
      to: 'false',
    },
  ],
  /** A PUBACK goes out before the journal has the message. */
  'early-puback': [
    {
      file: 'broker/ack-gate.ts',
      from: 'this.#options.journal.write(entry, (error) => {',
      to: `const { journal } = this.#options;
        setTimeout(() => journal.write(entry, () => undefined), ${GAP_MS});
        void Promise.resolve(undefined).then((error) => {`,
    },
  ],
  /** The cursor is moved before what it stands for is stored. */
  'cursor-first': [
    {
      file: 'ingest/drain-journal.ts',
      from: 'return await storeByHalves(store, span, batch);',
      to: `await store.db.transaction().execute((trx) => moveCursor(trx, span));
        await new Promise((resolve) => setTimeout(resolve, ${GAP_MS}));
        return await storeByHalves(store, { ...span, fromSeq: toSeq }, batch);`,
    },
  ],
  /** Every delivery of a message is a message of its own; the gap before the PUBACK makes senders repeat theirs. */
  'no-identity': [
    {
      file: 'ingest/identify.ts',
      from: 'const identity = `${uplink.identity}:',
      to: 'const identity = `${uplink.identity}:${arrival.journalSeq}:',
    },
    {
      file: 'broker/ack-gate.ts',
      from: 'if (!lane.failed) done(null);',
      to: `if (!lane.failed) setTimeout(() => done(null), ${GAP_MS});`,
    },
  ],
  /** A source acknowledges when a message is on its way to the disk. */
  'hasty-source': [
    {
      file: 'ingest/sources/receiver.ts',
      from: 'if (packet.qos > 0) this.#noteDurable(packet.messageId);',
      to: '',
    },
    {
      file: 'ingest/sources/receiver.ts',
      from: 'this.#newest = kept;',
      to: 'this.#newest = kept; this.#noteDurable(packet.messageId);',
    },
  ],
  /** A packet may be announced as long as its sender likes. */
  'endless-packets': [
    {
      file: 'broker/packet-guard.ts',
      from: 'parser.packet.length <= options.maxPacketBytes()',
      to: 'true',
    },
  ],
  /** The oldest TLS is whatever Node takes. */
  'any-tls': [
    { file: 'broker/tls-door.ts', from: 'minVersion: OLDEST_TLS, ', to: '' },
    { file: 'dashboard/server/http-server.ts', from: ", minVersion: 'TLSv1.2'", to: '' },
  ],
} as const satisfies Record<string, Sabotage>;

export type SabotageName = keyof typeof SABOTAGES;

/** The environment and arguments for Node that take out a protection in a process and its threads and children. */
export function sabotageEnv(name: SabotageName): Record<string, string> {
  return { NODE_OPTIONS: `--import=${import.meta.url}`, TUNNA_TEST_SABOTAGE: name };
}

const chosen = process.env['TUNNA_TEST_SABOTAGE'];
if (chosen !== undefined) applySabotage(chosen);

function applySabotage(name: string): void {
  // Safe: a name that is none gives undefined, which is asked for.
  const sabotage = (SABOTAGES as Record<string, Sabotage>)[name];
  if (sabotage === undefined) throw new Error(`There is no sabotage ${name}`);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const changes = sabotage.filter(({ file }) => url.endsWith(`/${file}`));
      if (changes.length === 0) return loaded;
      const { source: given } = loaded;
      const source =
        typeof given === 'string' ? given : new TextDecoder().decode(given ?? undefined);
      return { ...loaded, source: sabotageSource(source, changes) };
    },
  });
}

/** The source of a file without the protection. One that has moved elsewhere must not leave a control behind that controls nothing. */
export function sabotageSource(source: string, changes: Sabotage): string {
  return changes.reduce((text, { file, from, to }) => {
    if (!text.includes(from)) throw new Error(`${file} has no "${from}" to sabotage`);
    return text.replace(from, () => to);
  }, source);
}
