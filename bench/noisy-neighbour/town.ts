import { registerBenchTown } from '../ingest/bench-town.ts';
import type { FloodLogin } from '../performance/flood-client.ts';
import { createToken, savePrincipals } from '../../store/principals.ts';
import { freePort } from '../../tests/servers/free-port.ts';
import { privateFolder } from '../../tests/servers/server-process.ts';
import { Authority } from '../../tests/sources/certificates.ts';
import { startTunna } from '../../tests/system/running-tunna.ts';
import type { RunningTunna } from '../../tests/system/running-tunna.ts';

export interface NoisyTown {
  readonly tunna: RunningTunna;
  readonly tlsPort: number;
  readonly good: readonly FloodLogin[];
}

/** A whole Tunna with TLS, a bin and a sensor for each good device. */
export async function startTown(devices: number): Promise<NoisyTown> {
  const tlsPort = await freePort();
  const { cert, key } = new Authority(await privateFolder('authority'), 'ca').sign('tunna');
  const tunna = await startTunna({
    NODE_ENV: 'production',
    TUNNA_LOG_LEVEL: 'warn',
    TUNNA_TLS_CERT: cert,
    TUNNA_TLS_KEY: key,
    TUNNA_MQTTS_PORT: String(tlsPort),
  });
  await using opened = tunna.openStore();
  await registerBenchTown(opened.store, 0, devices);
  const logins = Array.from({ length: devices }, (_, index) => ({
    id: `dev-${index}`,
    token: createToken(),
  }));
  await savePrincipals(
    opened.store,
    logins.map(({ id, token }) => ({
      principal: { id, kind: 'device', prefixes: [], backfill: false },
      token,
    })),
  );
  const good = logins.map(({ id, token }) => ({
    ...{ port: tunna.mqttPort, clientId: id, username: id, password: token },
  }));
  return { tunna, tlsPort, good };
}

/** A principal that nobody has used yet, so that no limit is reached beforehand. */
export async function registerBad(
  { tunna }: NoisyTown,
  id: string,
  kind: 'device' | 'reader',
): Promise<string> {
  await using opened = tunna.openStore();
  const token = createToken();
  await savePrincipals(opened.store, [
    { principal: { id, kind, prefixes: [], backfill: false }, token },
  ]);
  return token;
}
