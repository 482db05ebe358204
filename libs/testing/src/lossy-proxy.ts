import net from 'node:net';

/** Stands between a client and a real server, and loses what it is told to lose. */
export interface LossyProxy {
  /** Scheme, host and port. */
  readonly url: string;
  /** How many requests passed that hold this text. */
  passed(text: string): number;
  /** The next request that holds this text is delivered and worked on; its answer is not, and the connection is cut. */
  loseReplyTo(text: string): void;
  /** How many answers were lost. */
  readonly lost: number;
  close(): Promise<void>;
}

/** @param target scheme, host and port of an HTTP server */
export async function lossyProxy(target: string): Promise<LossyProxy> {
  const { hostname, port } = new URL(target);
  const requests: string[] = [];
  const sockets = new Set<net.Socket>();
  let doomed: string | undefined;
  let lost = 0;

  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port), hostname);
    let losing = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
    }
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      requests.push(text);
      if (doomed !== undefined && text.includes(doomed)) {
        doomed = undefined;
        losing = true;
        lost += 1;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (losing) client.destroy();
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${own}`,
    passed: (text) => requests.filter((request) => request.includes(text)).length,
    loseReplyTo: (text) => (doomed = text),
    get lost() {
      return lost;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
