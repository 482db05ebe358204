import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { Conversation } from './conversation.js';
import { DEFAULT_MLLP_LIMITS, type MllpLimits } from './limits.js';
import type { MllpLog, OnMllpMessage } from './message.js';

export interface MllpServerOptions {
  /** 2575 is registered for HL7; 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  readonly onMessage: OnMllpMessage;
  readonly limits?: Partial<MllpLimits>;
  readonly log: MllpLog;
}

export interface MllpServer {
  readonly port: number;
  /** Takes no more connections, sends the acknowledgements in hand, and ends the connections there are. */
  close(): Promise<void>;
}

/**
 * Listens for HL7 v2 over MLLP. The one place of the standards libraries that touches the network: framing, limits and
 * acknowledgements belong together, and whoever hosts it only says what to do with a message. Rejects where the port is taken.
 */
export async function serveMllp({ port, host, onMessage, limits, log }: MllpServerOptions): Promise<MllpServer> {
  const taken: MllpLimits = { ...DEFAULT_MLLP_LIMITS, ...limits };
  const conversations = new Set<Conversation>();
  let connections = 0;
  // Half open, so that a sender which ends its side after its last message still gets the answer.
  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true });
  server.maxConnections = taken.connections;
  server.on('connection', (socket) => {
    const connection = { id: ++connections, peer: `${socket.remoteAddress}:${socket.remotePort}` };
    const conversation = new Conversation(socket, { connection, limits: taken, onMessage, log });
    conversations.add(conversation);
    void conversation.ended.then(() => conversations.delete(conversation));
  });
  server.on('drop', (refused) => log.warn({ peer: refused?.remoteAddress }, 'MLLP connection refused: too many'));
  server.listen(port, host);
  await once(server, 'listening');
  server.on('error', (error) => log.warn({ cause: error.message }, 'MLLP listener failed'));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      await Promise.all([...conversations].map((conversation) => conversation.close()));
      await closed;
    },
  };
}
