import { type RadioModel, isOwnJson } from '../sensor-catalogue.ts';
import type { SensorReading } from '../sensor-model.ts';
import type { TownSensor } from '../town-sensor.ts';
import { chirpStackPrefix, encodeChirpStack } from './chirpstack.ts';
import { encodeDingtek } from './dingtek.ts';
import { encodeEm310Udl, encodeEm400 } from './milesight.ts';
import { encodeR718x } from './netvox.ts';
import { encodeOwnJson } from './own-json.ts';
import type { RadioPayload } from './radio-payload.ts';
import { encodeThingsStack, thingsStackPrefix } from './things-stack.ts';
import type { Frame, Uplink } from './uplink.ts';

/** Writes a reading down as its sensor and network would. */
export function encodeUplink(sensor: TownSensor, reading: SensorReading, frame: Frame): Uplink {
  const { model } = sensor;
  if (isOwnJson(model)) return encodeOwnJson(sensor, reading, frame);
  const payload = encodePayload(model, reading, frame.counter);
  return sensor.envelope === 'things-stack'
    ? encodeThingsStack(sensor, payload, frame)
    : encodeChirpStack(sensor, payload, frame);
}

function encodePayload(model: RadioModel, reading: SensorReading, counter: number): RadioPayload {
  switch (model) {
    case 'milesight/em400-mud':
    case 'milesight/em400-tld':
      return encodeEm400(reading);
    case 'milesight/em310-udl':
      return encodeEm310Udl(reading);
    case 'dingtek/df702':
    case 'dingtek/df703':
      return encodeDingtek(reading, counter);
    case 'netvox/r718x':
      return encodeR718x(reading);
  }
}

/** The filter of everything a sensor's network server publishes for it, ending in `#`. */
export function topicFilter(sensor: TownSensor): string {
  switch (sensor.envelope) {
    case 'own-json':
      return `bins/${sensor.deviceId}/#`;
    case 'things-stack':
      return `${thingsStackPrefix(sensor)}/#`;
    case 'chirpstack':
      return `${chirpStackPrefix(sensor)}/#`;
  }
}
