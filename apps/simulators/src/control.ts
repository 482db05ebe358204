/**
 * How a person or a test tells the simulators what to do, over HTTP on loopback:
 *
 *     GET    /                     the simulators with their addresses, the time, the faults still to come
 *     POST   /faults/{simulator}   { "operation": "search", "kind": "rate-limited", "times": 2 }
 *     DELETE /faults               all is well again
 *     POST   /clock                { "turn": "14 days" }: answers when all that came due is done
 */
import fastify from 'fastify';
import type { SimulatorClock } from './clock.js';
import { FAULT_KINDS, type Fault, type Faults } from './faults.js';
import { listen } from './http.js';
import type { Simulator } from './simulator.js';

interface Controlled {
  readonly port: number;
  readonly clock: SimulatorClock;
  readonly faults: ReadonlyMap<string, Faults>;
  readonly urls: Readonly<Record<string, string>>;
}

const FAULT = {
  type: 'object',
  required: ['operation', 'kind'],
  additionalProperties: false,
  properties: {
    operation: { type: 'string', maxLength: 100 },
    kind: { enum: FAULT_KINDS },
    times: { type: 'integer', minimum: 1, maximum: 10_000 },
    retryAfter: { type: 'integer', minimum: 0, maximum: 86_400 },
    delayMs: { type: 'integer', minimum: 0, maximum: 60_000 },
    until: { type: 'string', maxLength: 40 },
  },
} as const;

const TURN = {
  type: 'object',
  required: ['turn'],
  properties: { turn: { type: 'string', pattern: '^\\d{1,6} \\w+$' } },
};

const UNITS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

export async function startControl({ port, clock, faults, urls }: Controlled): Promise<Simulator> {
  const server = fastify({ bodyLimit: 16_384, forceCloseConnections: true });

  server.get('/', () => ({
    now: clock.now().toISOString(),
    simulators: Object.entries(urls).map(([name, url]) => ({ name, url, faults: faults.get(name)?.list() ?? [] })),
  }));

  server.post<{ Params: { simulator: string }; Body: Fault }>(
    '/faults/:simulator',
    { schema: { body: FAULT } },
    (request, reply) => {
      const told = faults.get(request.params.simulator);
      told?.tell(request.body);
      return reply.code(told ? 204 : 404).send();
    },
  );

  server.delete('/faults', (_request, reply) => {
    for (const told of faults.values()) told.clear();
    return reply.code(204).send();
  });

  server.post<{ Body: { turn: string } }>('/clock', { schema: { body: TURN } }, async (request, reply) => {
    const [count, unit = ''] = request.body.turn.split(' ');
    const seconds = UNITS[unit.replace(/s$/, '')];
    if (seconds === undefined) return reply.code(400).send({ message: `Not a unit: ${Object.keys(UNITS).join(', ')}` });
    await clock.turn(Number(count) * seconds * 1000);
    return { now: clock.now().toISOString() };
  });

  return { url: await listen(server, port), close: () => server.close() };
}
