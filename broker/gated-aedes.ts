import { Aedes } from 'aedes';
import type { AedesOptions, Client, PublishPacket } from 'aedes';

type Done = (error?: Error) => void;

/**
 * Aedes whose clients talk to the journal, not to each other. Publishing on behalf of a client ends at once: the journal has
 * the message by then, and routing, queueing and retaining it would only cost time and open ways around the rules.
 */
export class GatedAedes extends Aedes {
  readonly #routesClients: boolean;

  constructor(options: AedesOptions, routesClients: boolean) {
    super(options);
    this.#routesClients = routesClients;
  }

  override publish(packet: PublishPacket, client: Client | Done | null, done?: Done): void {
    if (client === null || typeof client === 'function' || this.#routesClients) {
      // Safe: Aedes takes a client in second place, which its types leave out.
      // oxlint-disable-next-line typescript/unbound-method -- bound by the call below
      const publish = super.publish as (packet: PublishPacket, ...rest: unknown[]) => void;
      publish.call(this, packet, client, done);
      return;
    }
    done?.();
  }
}
