import type { AedesOptions, Client, ConnectPacket } from 'aedes';

/** CONNACK return code [MQTT-3.1.3-8]. */
const IDENTIFIER_REJECTED = 2;

/** Whether a CONNECT without a client id may be accepted: MQTT 3.1 wants an id, 3.1.1 one for a session that lasts. */
export function mayBeNameless({ protocolVersion, clean }: ConnectPacket): boolean {
  return protocolVersion !== 3 && clean === true;
}

/** Lets everybody in who speaks MQTT well: for conformance suites, on loopback. */
export function createOpenDoor(
  onAccepted: (client: Client) => void,
): Required<Pick<AedesOptions, 'preConnect' | 'authenticate'>> {
  /** Clients that give no id where one is needed. */
  const nameless = new WeakSet<Client>();
  return {
    preConnect: (client, packet, callback) => {
      if (packet.clientId === '' && !mayBeNameless(packet)) nameless.add(client);
      callback(null, true);
    },
    authenticate: (client, _username, _password, done) => {
      if (nameless.has(client)) {
        const error = new Error('CONNECT refused');
        done(Object.assign(error, { returnCode: IDENTIFIER_REJECTED }), false);
        return;
      }
      onAccepted(client);
      done(null, true);
    },
  };
}
