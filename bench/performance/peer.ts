import type { Form } from '../drain/messages.ts';
import type { FloodLogin } from './flood-client.ts';

/** What is compared: a broker, or a broker with all that brings its messages into a store. */
export interface Peer extends AsyncDisposable {
  /** How to connect, for each connection of the run. */
  readonly logins: readonly FloodLogin[];
  /** Its processes by name, whose CPU time and memory count. */
  readonly processes: Readonly<Record<string, number>>;
  /** How many messages are in its store; left out for a mere broker. */
  readonly countStored?: () => Promise<number>;
}

export interface PeerNeeds {
  readonly form: Form;
  readonly connections: number;
}

/** A thing that can be started for a run, with nothing in its store, and thrown away after it. */
export interface PeerKind {
  readonly name: string;
  readonly start: (needs: PeerNeeds) => Promise<Peer>;
}

/** Logins of brokers that let everybody in. */
export function anonymousLogins(port: number, connections: number): FloodLogin[] {
  return Array.from({ length: connections }, (_, index) => ({ port, clientId: `c${index}` }));
}
