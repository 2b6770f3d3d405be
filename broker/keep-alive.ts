import type { ConnectPacket } from 'aedes';

/**
 * Holds a CONNECT to a longest keep alive, 0 standing for none. Refusing it would be of no use: MQTT 3.1.1 has no return code
 * for that, and lets a server disconnect whoever is silent for too long whatever was agreed (3.1.2.10).
 */
export function limitKeepAlive(packet: ConnectPacket, longestSeconds: number): void {
  const asked = packet.keepalive ?? 0;
  if (asked > 0 && asked <= longestSeconds) return;
  packet.keepalive = Number.isFinite(longestSeconds) ? longestSeconds : asked;
}
