import type { AedesOptions, Client } from 'aedes';
import type { Authenticator } from './authenticator.ts';
import type { Authorizer } from './authorizer.ts';
import type { BrokerLimits } from './broker-options.ts';
import { limitKeepAlive } from './keep-alive.ts';
import { createOpenDoor } from './open-door.ts';

/** Our rules and limits as Aedes wants them. `authenticator`: null where anybody may come in, of whom `onAccepted` is told. */
export function createAedesOptions(
  limits: BrokerLimits,
  authorizer: Authorizer,
  authenticator: Authenticator | null,
  onAccepted: (client: Client) => void,
): AedesOptions {
  const { authorizePublish, authorizeSubscribe, authorizeForward } = authorizer;
  const { preConnect: judge, authenticate } = authenticator ?? createOpenDoor(onAccepted);
  const preConnect: typeof judge = (client, packet, callback) => {
    limitKeepAlive(packet, limits.keepAliveSeconds);
    judge(client, packet, callback);
  };
  return {
    ...{ authorizePublish, authorizeSubscribe, authorizeForward, preConnect, authenticate },
    connectTimeout: limits.connectTimeoutMs,
    drainTimeout: limits.drainTimeoutMs,
    // A client may send on behind its CONNECT; what that can be, one read of the socket bounds.
    queueLimit: limits.unacknowledgedPerConnection,
    // Ours are longer than a client's own, since the principal stands in front.
    maxClientsIdLength: 200,
  };
}
