import { formatRounds, percentile } from '../statistics.ts';
import { mosquittoAlone, plainAedes } from './broker-peers.ts';
import { influxPipeline } from './influx-pipeline.ts';
import type { LoadFigures } from './measure-load.ts';
import type { PeerKind } from './peer.ts';
import { BURST, BUSY_JSON, MANY_JSON, STORE_JSON, STORE_TTS } from './plan.ts';
import { tunnaBroker, tunnaWhole } from './tunna-peers.ts';

/** Figures of a contest, by the name of who bore it, one for each round. */
export type Rounds = ReadonlyMap<string, readonly LoadFigures[]>;

export interface Results {
  readonly contests: ReadonlyMap<string, Rounds>;
  /** KiB per idle connection, by name of the broker. */
  readonly idleKib: ReadonlyMap<string, readonly number[]>;
}

/** What we set out for, what was measured, and whether that is enough; `undefined` when it was not measured. */
export interface Verdict {
  readonly aim: string;
  readonly found: string;
  readonly isReached: boolean | undefined;
}

type Rate = 'ackedPerSecond' | 'storedPerSecond';

const MOST_IDLE_KIB = 60;

export function judge(results: Results): Verdict[] {
  const ratio = (
    aim: string,
    title: string,
    [ours, theirs]: readonly [PeerKind, PeerKind],
    rate: Rate,
    least: number,
  ): Verdict => {
    const rounds = ratios(results.contests.get(title), ours.name, theirs.name, rate);
    return verdict(`${aim}: at least ${least}`, rounds, (median) => median >= least);
  };
  const stored = [tunnaWhole, influxPipeline] as const;
  return [
    ratio(
      'PUBACKs at 50 × 10, Tunna’s broker to Mosquitto without persistence',
      ...([BUSY_JSON, [tunnaBroker, mosquittoAlone], 'ackedPerSecond', 0.8] as const),
    ),
    ratio(
      'PUBACKs at 200 × 1, Tunna’s broker to plain Aedes',
      ...([MANY_JSON, [tunnaBroker, plainAedes], 'ackedPerSecond', 0.6] as const),
    ),
    ratio(
      'stored per second, JSON, Tunna to Mosquitto → mqtt.js → InfluxDB',
      ...([STORE_JSON, stored, 'storedPerSecond', 1.5] as const),
    ),
    ratio(
      'stored per second, The Things Stack, likewise',
      ...([STORE_TTS, stored, 'storedPerSecond', 1.5] as const),
    ),
    { aim: 'stored per second, Tunna to Node-RED in batches: at least 4', ...NOT_MEASURED },
    judgeBurst(results.contests.get(BURST)?.get(tunnaWhole.name) ?? []),
    verdict(
      `KiB per idle connection of Tunna’s broker: at most ${MOST_IDLE_KIB}`,
      results.idleKib.get(tunnaBroker.name) ?? [],
      (median) => median <= MOST_IDLE_KIB,
    ),
  ];
}

const NOT_MEASURED = { found: 'not measured', isReached: undefined } as const;

function judgeBurst(rounds: readonly LoadFigures[]): Verdict {
  const aim = 'a burst: every acknowledged message is stored, once';
  if (rounds.length === 0) return { aim, ...NOT_MEASURED };
  const found = rounds.map(({ acked, stored }) => `${stored} of ${acked}`).join(', ');
  return { aim, found, isReached: rounds.every(({ acked, stored }) => acked === stored) };
}

function verdict(
  aim: string,
  rounds: readonly number[],
  isEnough: (median: number) => boolean,
): Verdict {
  if (rounds.length === 0) return { aim, ...NOT_MEASURED };
  return { aim, found: formatRounds(rounds), isReached: isEnough(percentile(rounds, 50)) };
}

/** Round by round, since both had the same neighbours then. */
function ratios(rounds: Rounds | undefined, ours: string, theirs: string, rate: Rate): number[] {
  const [mine, others] = [rounds?.get(ours) ?? [], rounds?.get(theirs) ?? []];
  return mine.flatMap((figures, round) => {
    const other = others[round];
    return other === undefined ? [] : [figures[rate] / other[rate]];
  });
}
