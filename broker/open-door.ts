import type { AedesOptions, Client } from 'aedes';

/** CONNACK return code [MQTT-3.1.3-8]. */
const IDENTIFIER_REJECTED = 2;

/** Lets everybody in who speaks MQTT well: for conformance suites, on loopback. */
export function createOpenDoor(
  onAccepted: (client: Client) => void,
): Required<Pick<AedesOptions, 'preConnect' | 'authenticate'>> {
  /** Clients that want a session kept but give no id to keep it under. */
  const nameless = new WeakSet<Client>();
  return {
    preConnect: (client, { clientId, clean }, callback) => {
      if (clientId === '' && clean !== true) nameless.add(client);
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
