import { measured } from '../build-measurement.ts';
import { ByteReader } from '../byte-reader.ts';
import { hexByte, refuse } from '../codec.ts';
import { readBattery } from './fields.ts';
import type { FrameReader } from './dragino-codec.ts';

const STATUS_BYTES = 7;

/**
 * The frame in which a device tells of itself: sensor model, firmware (2), band, sub-band, battery (2).
 * @param sensorModel the number of the model, so that one that is registered as another is found out
 */
export function statusReader(name: string, sensorModel: number): FrameReader {
  return (payload) => {
    if (payload.length !== STATUS_BYTES) {
      return refuse(`a status frame has ${STATUS_BYTES} bytes, not ${payload.length}`);
    }
    const reader = new ByteReader(payload);
    const model = reader.uint8();
    if (model !== sensorModel) return refuse(`sensor model ${hexByte(model)} is not a ${name}`);
    reader.skip(4);
    return measured({ batteryV: readBattery(reader) });
  };
}
