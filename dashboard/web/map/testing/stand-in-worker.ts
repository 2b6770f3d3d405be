import { Worker as NodeWorker } from 'node:worker_threads';

/** Gives a Node worker what a browser's has, and then runs the script it was made for. */
const BOOTSTRAP = `
  import { parentPort, workerData } from 'node:worker_threads';
  globalThis.self = Object.assign(new EventTarget(), {
    postMessage: (message) => parentPort.postMessage(message),
  });
  const early = [];
  let deliver = (data) => early.push(data);
  parentPort.on('message', (data) => deliver(data));
  await import(workerData);
  deliver = (data) => self.dispatchEvent(new MessageEvent('message', { data }));
  early.forEach(deliver);
`;

/** A browser's `Worker`, of which Node has no such thing: runs the very script in a thread of its own. */
export class StandInWorker extends EventTarget {
  readonly #thread: NodeWorker;

  constructor(script: URL) {
    super();
    const source = new URL(`data:text/javascript,${encodeURIComponent(BOOTSTRAP)}`);
    this.#thread = new NodeWorker(source, { workerData: script.href });
    this.#thread.on('message', (data: unknown) => {
      this.dispatchEvent(new MessageEvent('message', { data }));
    });
  }

  postMessage(message: unknown, transfer: ArrayBuffer[] = []): void {
    this.#thread.postMessage(message, transfer);
  }

  terminate(): void {
    void this.#thread.terminate();
  }
}
