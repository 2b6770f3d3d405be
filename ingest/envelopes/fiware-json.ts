import { z } from 'zod';
import { checkShape } from './check-shape.ts';
import { findFiwarePlace, readMeasures, toFiwareStatus } from './fiware-measures.ts';
import { findFiwareDevice, isFiwareTopic } from './fiware-topic.ts';
import type { EnvelopeReader, JsonMessage } from './message.ts';
import type { ReadResult } from './uplink.ts';

const ENVELOPE = 'fiware-json';

/** More groups than a device holds back. */
const MAX_GROUPS = 1_000;

const Attributes = z.record(z.string(), z.unknown());
const Document = z.union(
  [Attributes.transform((one) => [one]), z.array(Attributes).min(1).max(MAX_GROUPS)],
  {
    error: 'expected an object of attributes, or a list of such',
  },
);

/** FIWARE IoT Agent for JSON: `/json/{apikey}/{device}/attrs`. */
export const FIWARE_JSON: EnvelopeReader = {
  content: 'json',
  ownsTopic: (levels) => isFiwareTopic(levels, 'json'),
  findTopicDevice: ({ topic }) => findFiwareDevice(topic),
  read: readFiwareJson,
};

function readFiwareJson(message: JsonMessage): ReadResult {
  const found = findFiwarePlace(message.topic);
  if (!found.ok) return found;
  const { place, deviceId } = found;
  if (place.kind !== 'attrs') return toFiwareStatus(ENVELOPE, deviceId, place.kind);
  const { attribute } = place;
  const document = attribute === undefined ? message.document : { [attribute]: message.document };
  const shape = checkShape(Document, document, deviceId);
  if (!shape.ok) return shape;
  return readMeasures(shape.value, message, { envelope: ENVELOPE, deviceId });
}
