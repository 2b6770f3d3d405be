/** A connection under load, whichever library it is made with. */
export interface LoadClient {
  /** Published and not acknowledged. */
  readonly inFlight: number;
  /** Publishes at QoS 1; `onAck` is called at the PUBACK, and never when the connection fails. */
  publish(topic: string, payload: string, onAck: () => void): void;
  close(): Promise<void>;
}

/** Whom a connection belongs to. */
export interface LoadClientOptions {
  readonly port: number;
  readonly principalId: string;
  readonly token: string;
  /** The connection broke: what was published is not acknowledged, and the run is worth nothing. */
  readonly onFailure: (error: Error) => void;
}
