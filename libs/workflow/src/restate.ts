import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import * as restate from '@restatedev/restate-sdk';
import { Problem } from '@concord/canonical';
import { log } from '@concord/observability';
import { Pool } from 'undici';

/** Carries one run on; throws when it has to be tried again. */
export type Advance = (runId: string) => Promise<void>;

interface RestateAddresses {
  readonly ingressUrl: string;
  readonly adminUrl: string;
}

interface Submission {
  readonly runId: string;
  readonly key: string;
}

const SUBMIT_CONNECTIONS = 16;

/**
 * Our end of Restate: one virtual object a workflow, keyed by the business key, so that a key has one writer at a time.
 * A run is one plain handler: nothing is journalled in Restate, which holds only the names of runs in motion.
 */
export class RestateRuntime {
  private readonly ingress: Pool;
  private server: http2.Http2Server | undefined;
  private readonly sessions = new Set<http2.ServerHttp2Session>();

  constructor(private readonly addresses: RestateAddresses) {
    this.ingress = new Pool(addresses.ingressUrl, { connections: SUBMIT_CONNECTIONS, pipelining: 1 });
  }

  /** Serves the workflows on a loopback port of its own and makes them known to Restate. */
  async serve(workflows: Readonly<Record<string, Advance>>, port = 0): Promise<void> {
    const services = Object.entries(workflows).map(([name, advance]) => runObject(name, advance));
    this.server = http2.createServer(restate.createEndpointHandler({ services }));
    this.server.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
    });
    await new Promise<void>((resolve, reject) => this.server!.once('error', reject).listen(port, '127.0.0.1', resolve));
    const { port: bound } = this.server.address() as AddressInfo;
    await this.register(`http://127.0.0.1:${bound}`);
  }

  /** Hands a run over. Accepted again under the same `attempt`, it is the same invocation. */
  async submit(workflow: string, { runId, key }: Submission, attempt: string): Promise<void> {
    const response = await this.ingress.request({
      method: 'POST',
      path: `/${workflow}/${encodeURIComponent(key)}/advance/send`,
      headers: { 'content-type': 'application/json', 'idempotency-key': attempt },
      body: JSON.stringify({ runId }),
    });
    await response.body.dump();
    if (response.statusCode >= 300) {
      throw new Problem('upstream-unavailable', `The workflow engine answered ${response.statusCode}`);
    }
  }

  async stop(): Promise<void> {
    await this.ingress.close();
    for (const session of this.sessions) session.close();
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
  }

  private async register(uri: string): Promise<void> {
    const response = await fetch(`${this.addresses.adminUrl}/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uri, force: true }),
    });
    if (!response.ok) throw new Error(`Restate refused the workflows at ${uri}: ${response.status}`);
  }
}

/** Restate tries again for as long as it takes: parking is the ledger's business. A run in motion is kept for an hour. */
const OPTIONS = {
  retryPolicy: { initialInterval: 200, maxInterval: 10_000, exponentiationFactor: 2, maxAttempts: 1_000_000 },
  idempotencyRetention: { hours: 1 },
  journalRetention: 0,
} as const;

function runObject(name: string, advance: Advance) {
  return restate.object({
    name,
    handlers: {
      advance: async (_context: restate.ObjectContext, { runId }: { runId: string }) => {
        try {
          await advance(runId);
        } catch (error) {
          log.warn('run.tried', { runId, error });
          // Restate keeps error texts: only our own words may go there.
          throw new Error(error instanceof Problem ? error.slug : 'internal');
        }
      },
    },
    options: OPTIONS,
  });
}
