/** Bytes of a radio sensor and the LoRaWAN port they are sent on. */
export interface RadioPayload {
  readonly fPort: number;
  readonly bytes: Uint8Array;
}
