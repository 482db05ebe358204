/**
 * A simulator that is spoken to over HTTP: Fastify on loopback, where each route names its operation
 * (`config: { operation: 'search' }`) and any of them can be told to fail as real servers do.
 */
import { Readable } from 'node:stream';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Fault, FaultKind, Faults } from './faults.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The name by which faults are told of it. */
    operation?: string;
  }
  interface FastifyRequest {
    fault?: Fault;
  }
}

const DRIP_BYTES = 16;
const DRIP_MS = 50;
const BODY_BYTES = 10 * 1024 * 1024;

/** A server without routes that fails as it is told. */
export function faultyServer(faults: Faults): FastifyInstance {
  const server = fastify({ bodyLimit: BODY_BYTES, forceCloseConnections: true });
  server.addHook('onRequest', async (request, reply) => {
    const { operation } = request.routeOptions.config;
    if (operation === undefined) return;
    request.fault = faults.next(operation);
    await BEFORE[request.fault?.kind ?? 'none']?.(reply, request.fault);
  });
  server.addHook('onSend', async (request, reply, payload) => {
    const spoil = request.fault && AFTER[request.fault.kind];
    return spoil ? spoil(payload, request, reply) : payload;
  });
  return server;
}

/** Opens it on 127.0.0.1; a port that is taken is no reason not to run. Answers its address. */
export async function listen(server: FastifyInstance, port: number): Promise<string> {
  try {
    return await server.listen({ host: '127.0.0.1', port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return server.listen({ host: '127.0.0.1', port: 0 });
  }
}

type Kinds<T> = Partial<Record<FaultKind | 'none', T>>;

/** What goes wrong before anything is done. */
const BEFORE: Kinds<(reply: FastifyReply, fault?: Fault) => Promise<unknown>> = {
  timeout: async (reply) => reply.hijack(), // nobody answers; the caller has to give up
  reset: async (reply) => {
    void reply.hijack();
    reply.raw.destroy();
  },
  'rate-limited': async (reply, fault) => refuse(reply, 429, fault),
  maintenance: async (reply, fault) => refuse(reply, 503, fault),
};

/** What goes wrong with the answer, after all was done. */
const AFTER: Kinds<(payload: unknown, request: FastifyRequest, reply: FastifyReply) => unknown> = {
  malformed: (payload) => (typeof payload === 'string' ? payload.slice(0, Math.ceil(payload.length / 2)) : '{"'),
  'wrong-schema': () => JSON.stringify({ unexpected: [{ shape: true }] }),
  'slow-drip': (payload, request, reply) => {
    void reply.removeHeader('content-length');
    return Readable.from(drip(asText(payload), request.fault?.delayMs ?? DRIP_MS));
  },
  'reply-lost': (payload, _request, reply) => {
    reply.raw.destroy();
    return payload;
  },
};

const refuse = (reply: FastifyReply, status: number, fault?: Fault) =>
  reply
    .code(status)
    .header('retry-after', String(fault?.retryAfter ?? 1))
    .send();

const asText = (payload: unknown): Buffer =>
  Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : '');

async function* drip(text: Buffer, ms: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += DRIP_BYTES) {
    yield text.subarray(at, at + DRIP_BYTES);
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}
