import type { Trx } from '../store/database.ts';
import {
  compareArrivals,
  compareDeliveries,
  findDeliveries,
  pickArrival,
} from '../store/uplinks.ts';
import type { Delivery } from '../store/uplinks.ts';
import { REDELIVERY_WINDOW_MS } from './identify.ts';
import type { AcceptedUplink } from './judge-arrival.ts';

/** What is left of a batch without the copies in it. */
export interface DistinctUplinks {
  /** One of each identity, which may be stored already. */
  readonly uplinks: readonly AcceptedUplink[];
  /** First deliveries of messages whose redelivery is stored already, by the number of the uplink that they take over. */
  readonly takeovers: ReadonlyMap<number, AcceptedUplink>;
}

/** Finds the copies among the uplinks of one batch, and the redeliveries among those that only their arrival tells apart. */
export async function dropCopies(
  trx: Trx,
  accepted: readonly AcceptedUplink[],
): Promise<DistinctUplinks> {
  const distinct = new Map<string, AcceptedUplink>();
  for (const candidate of accepted) {
    const { identity } = candidate.uplink;
    const other = distinct.get(identity);
    if (other === undefined || standsBefore(candidate, other)) distinct.set(identity, candidate);
  }
  const uplinks = [...distinct.values()].filter(({ byArrival }) => !byArrival);
  const arrivals = [...distinct.values()].filter(({ byArrival }) => byArrival);
  const contents = await findDeliveries(
    trx,
    arrivals.map(({ uplink }) => uplink),
    REDELIVERY_WINDOW_MS,
  );
  const takeovers = new Map<number, AcceptedUplink>();
  /** First deliveries, by their content. */
  const first = new Map<string, AcceptedUplink[]>();
  // Earliest first, whatever the order of the batch: the first delivery stands.
  for (const candidate of arrivals.sort((a, b) =>
    compareDeliveries(toDelivery(a), toDelivery(b)),
  )) {
    const { uplink } = candidate;
    const delivery = toDelivery(candidate);
    const others = first.get(uplink.content_hash) ?? [];
    first.set(uplink.content_hash, others);
    if (
      others.some((other) => isNear(other.uplink, uplink) && repeats(delivery, toDelivery(other)))
    )
      continue;
    const stored = (contents.get(uplink.content_hash) ?? []).filter(
      (other) => isNear(other, uplink) && (repeats(delivery, other) || repeats(other, delivery)),
    );
    const earlier = stored.filter((other) => compareDeliveries(other, delivery) <= 0);
    if (earlier.some((other) => repeats(delivery, other))) continue;
    others.push(candidate);
    const later = stored.find(
      (other) => !earlier.includes(other) && !takeovers.has(other.id) && repeats(other, delivery),
    );
    if (later === undefined) uplinks.push(candidate);
    else takeovers.set(later.id, candidate);
  }
  return { uplinks, takeovers };
}

/** The earliest arrival stands, or one with the right to backfill if any copy had it. */
function standsBefore(a: AcceptedUplink, b: AcceptedUplink): boolean {
  return compareArrivals(pickArrival(a.uplink), pickArrival(b.uplink)) < 0;
}

function toDelivery({ uplink }: AcceptedUplink): Delivery {
  const { identity, received_at, dup } = uplink;
  return { identity, received_at, dup, message_id: uplink.message_id ?? null };
}

function isNear(a: Arrived, b: Arrived): boolean {
  return Math.abs(a.received_at - b.received_at) <= REDELIVERY_WINDOW_MS;
}

type Arrived = Pick<Delivery, 'received_at'>;

/** Whether the later of two deliveries of one content is the first once more: marked so, or under the same message id. */
function repeats(later: Delivery, first: Delivery): boolean {
  if (later.identity === first.identity) return true;
  return later.dup === 1 || (later.message_id !== null && later.message_id === first.message_id);
}
