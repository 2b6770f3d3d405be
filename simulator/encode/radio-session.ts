import { hashText, mixHash } from '../random.ts';
import type { TownSensor } from '../town-sensor.ts';
import type { Frame } from './uplink.ts';

/** What the network makes of one frame: addresses of the session, and who heard it how well. */
export interface RadioSession {
  /** 16 bytes, new with every join. */
  readonly sessionKey: Buffer;
  /** 8 hex digits, new with every join. */
  readonly devAddr: string;
  readonly gatewayId: string;
  /** dBm; the DTU bins were heard at -113 to -120. */
  readonly rssi: number;
  /** dB, tenths; 0 happens. */
  readonly snr: number;
  readonly spreadingFactor: number;
  /** Hz, one of the three channels every EU868 gateway listens on. */
  readonly frequencyHz: number;
}

/** Gateways on three roofs of the town; the ids are invented. */
const GATEWAYS = ['0254756e67770001', '0254756e67770002', '0254756e67770003'] as const;
const FREQUENCIES_HZ = [868_100_000, 868_300_000, 868_500_000] as const;
/** NwkID of a private network (LoRaWAN 1.0.4, table of NetIDs 000000 and 000001): addresses begin with 00 to 03. */
const PRIVATE_ADDRESS_MASK = 0x03ff_ffff;

export function radioSession(sensor: TownSensor, frame: Frame): RadioSession {
  const joined = mixHash(hashText(`join/${sensor.deviceId}`), frame.session);
  const heard = mixHash(joined, frame.counter);
  const devAddr = (joined & PRIVATE_ADDRESS_MASK).toString(16).padStart(8, '0');
  const home = hashText(sensor.deviceId) % GATEWAYS.length;
  return {
    sessionKey: bytesFrom(joined),
    devAddr,
    gatewayId: GATEWAYS[home] ?? GATEWAYS[0],
    rssi: -95 - (heard % 25),
    snr: ((heard >>> 8) % 150) / 10 - 7,
    spreadingFactor: 7 + ((heard >>> 16) % 6),
    frequencyHz: FREQUENCIES_HZ[(heard >>> 20) % FREQUENCIES_HZ.length] ?? FREQUENCIES_HZ[0],
  };
}

/** Sixteen bytes that depend on nothing but the hash. */
export function bytesFrom(hash: number): Buffer {
  const bytes = Buffer.alloc(16);
  for (let word = 0; word < 4; word++) bytes.writeUInt32BE(mixHash(hash, word + 1), word * 4);
  return bytes;
}
