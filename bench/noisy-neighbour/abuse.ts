/** Where the bad device finds the broker, who it is, and how long it may go on. */
export interface Assignment {
  readonly abuse: AbuseName;
  readonly port: number;
  readonly tlsPort: number;
  readonly id: string;
  readonly token: string;
  readonly seconds: number;
}

/** What one bad device does, as fast as it can; the texts are the rows of the table. */
export const ABUSES = {
  'busy-processor': 'Nothing but as much processor time (control)',
  'own-server': 'The same bytes, to a server of its own (control)',
  'publish-flood': 'Flood of messages, QoS 1, four connections',
  'oversized-messages': 'Messages of 1 MB',
  'oversized-strangers': 'Packets of 256 MB announced by strangers',
  'bad-passwords': 'Connects with a wrong password',
  'connect-loop': 'Connects and disconnects',
  'subscription-bomb': 'Subscriptions to 10,000 filters at once',
  'subscribe-loop': 'Subscribes and unsubscribes',
  'ping-flood': 'Flood of pings',
  'retained-flood': 'Flood of retained messages',
  'will-flood': 'Connects with a will and breaks off',
  'qos2-flood': 'Flood of QoS 2, never released',
  'slow-reader': 'Sixteen lasting sessions that read nothing',
  'deep-topics': 'Topics of 300 levels',
  'denied-topics': 'Messages in the name of another device',
  'silent-sockets': 'Two thousand silent or half-open sockets',
  'tls-handshakes': 'TLS handshakes',
} as const;

export type AbuseName = keyof typeof ABUSES;

export const ABUSE_NAMES: readonly AbuseName[] = Object.keys(ABUSES).filter(isAbuseName);

function isAbuseName(name: string): name is AbuseName {
  return name in ABUSES;
}
