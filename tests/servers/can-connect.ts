import { once } from 'node:events';
import { connect } from 'node:net';

/** Resolves with true when something accepts connections on a port of 127.0.0.1, and rejects when nothing does. */
export async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}
