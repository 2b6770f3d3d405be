import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A connection through the proxy: the client's side and ours to the server. */
interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * A TCP proxy on 127.0.0.1 that does to connections what networks do. It passes on bytes and ends as they come, until it is
 * told otherwise; everything but {@link reset} and {@link truncate} lasts until {@link heal}.
 */
export class FaultProxy implements AsyncDisposable {
  readonly #listener: Server;
  readonly #targetPort: number;
  readonly #links = new Set<Link>();
  #delayMs = 0;
  #healed: PromiseWithResolvers<void> | undefined;
  #isTruncating = false;
  /** Connections that the proxy has cut in the middle of what was being sent. */
  truncated = 0;

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    // An end of one direction is passed on as such: the other may go on.
    this.#listener = createServer({ allowHalfOpen: true }, (client) => this.#link(client));
  }

  /** Opens it in front of a port of this machine. */
  static async open(targetPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort);
    proxy.#listener.listen(0, '127.0.0.1');
    await once(proxy.#listener, 'listening');
    return proxy;
  }

  get port(): number {
    // Safe: a server that listens on TCP has an address of this form.
    return (this.#listener.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.#links.size;
  }

  /** Every chunk, in either direction, comes so much later. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** Nothing gets through any more, and nobody is told; also new connections are met with silence. */
  blackhole(): void {
    this.#healed ??= Promise.withResolvers();
  }

  /** All is as it should be; what a blackhole has kept comes through now, as TCP would send it again. */
  heal(): void {
    this.#delayMs = 0;
    this.#isTruncating = false;
    this.#healed?.resolve();
    this.#healed = undefined;
  }

  /** Every connection breaks (RST), with whatever was on its way. */
  reset(): void {
    for (const link of this.#links) breakLink(link);
  }

  /** Every client seems to have said its last word, though it still listens and talks. */
  halfClose(): void {
    for (const { server } of this.#links) server.end();
  }

  /** Of the next chunk of each connection, in whichever direction, only half gets through before it breaks. */
  truncate(): void {
    this.#isTruncating = true;
  }

  #link(client: Socket): void {
    const server = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true });
    const link: Link = { client, server };
    this.#links.add(link);
    for (const socket of [client, server]) {
      socket.on('error', () => breakLink(link));
      socket.on('close', () => this.#unlink(link));
    }
    void this.#pass(link, client, server);
    void this.#pass(link, server, client);
  }

  #unlink(link: Link): void {
    if (link.client.destroyed && link.server.destroyed) this.#links.delete(link);
  }

  async #pass(link: Link, from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        await this.#healed?.promise;
        if (this.#delayMs > 0) await pause(this.#delayMs);
        // Safe: a socket without an encoding gives buffers.
        const bytes = chunk as Buffer;
        if (this.#isTruncating) return this.#cutShort(link, to, bytes);
        if (to.writable && !to.write(bytes))
          await Promise.race([once(to, 'drain'), once(to, 'close')]);
      }
      await this.#healed?.promise;
      to.end();
    } catch {
      breakLink(link);
    }
  }

  #cutShort(link: Link, to: Socket, bytes: Buffer): void {
    this.truncated += 1;
    to.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => breakLink(link));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.heal();
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    this.reset();
    await closed;
  }
}

function breakLink({ client, server }: Link): void {
  for (const socket of [client, server]) {
    if (socket.connecting) socket.destroy();
    else if (!socket.destroyed) socket.resetAndDestroy();
  }
}
