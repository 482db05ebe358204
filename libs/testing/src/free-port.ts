import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

/** Below the ports that the system gives to outgoing connections (32768 and up on Linux): none of them takes it meanwhile. */
const PORTS = { from: 20_000, to: 32_000 };
const TRIES = 100;

/** A port of loopback that nobody listens on just now. */
export async function freePort(): Promise<number> {
  for (let left = TRIES; ; left -= 1) {
    const port = randomInt(PORTS.from, PORTS.to);
    try {
      await listenOnce(port);
      return port;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

async function listenOnce(port: number): Promise<void> {
  const server = net.createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  await new Promise((closed) => server.close(closed));
}
