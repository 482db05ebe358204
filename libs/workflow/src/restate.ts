import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createEndpointHandler } from '@restatedev/restate-sdk';
import { Problem } from '@concord/canonical';
import { Pool } from 'undici';
import { Registration } from './registration.js';
import { runObject, runsTogether, togetherName, type Advance } from './run-object.js';

interface RestateAddresses {
  readonly ingressUrl: string;
  readonly adminUrl: string;
}

/** Where the workflows of a process listen. */
export interface WorkflowAddress {
  /** How Restate reaches them, where that is another address than the one they listen on. */
  readonly url?: string | undefined;
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  /** Public keys of Restate; where there are any, calls that it did not sign are refused. */
  readonly identityKeys: string[];
}

const ON_THIS_MACHINE: WorkflowAddress = { host: '127.0.0.1', port: 0, identityKeys: [] };

interface Submission {
  readonly runId: string;
  readonly key: string;
}

const SUBMIT_CONNECTIONS = 16;
const ANSWER_MS = 10_000;
/** For connections of Restate to end by themselves. */
const GRACE_MS = 1000;

/**
 * Our end of Restate: one virtual object a workflow, keyed by the business key, so that a key has one writer at a time;
 * and, under load, one invocation for many runs. A run is one plain handler: nothing is journalled in Restate, which holds
 * only the names of runs in motion.
 */
export class RestateRuntime {
  private readonly ingress: Pool;
  private readonly sessions = new Set<http2.ServerHttp2Session>();
  private server: http2.Http2Server | undefined;
  private registration: Registration | undefined;

  constructor(
    private readonly addresses: RestateAddresses,
    private readonly own: WorkflowAddress = ON_THIS_MACHINE,
  ) {
    this.ingress = new Pool(addresses.ingressUrl, {
      connections: SUBMIT_CONNECTIONS,
      pipelining: 1,
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
    });
  }

  /** Serves the workflows and makes them known to Restate. */
  async serve(workflows: Readonly<Record<string, Advance>>): Promise<void> {
    const { host, port, identityKeys } = this.own;
    const services = Object.entries(workflows).flatMap(([name, advance]) => [
      runObject(name, advance),
      runsTogether(name, advance),
    ]);
    const logger = () => undefined; // what the SDK has to say of a run, we say ourselves
    const server = http2.createServer(createEndpointHandler({ services, logger, identityKeys }));
    this.server = server;
    server.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    const uri = this.own.url ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.registration = new Registration(
      this.addresses.adminUrl,
      uri,
      services.map(({ name }) => name),
    );
    await this.registration.begin();
  }

  /** Hands a run over. Accepted again under the same `attempt`, it is the same invocation. */
  submit(workflow: string, { runId, key }: Submission, attempt: string): Promise<void> {
    const path = `/${workflow}/${encodeURIComponent(key)}/advance/send`;
    return this.post(path, { runId }, { 'idempotency-key': encodeURI(attempt) });
  }

  /** Hands many runs over as one invocation. Accepted again, it finds nothing left to do. */
  submitTogether(workflow: string, runIds: readonly string[]): Promise<void> {
    return this.post(`/${togetherName(workflow)}/advance/send`, { runIds });
  }

  private async post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const response = await this.ingress.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    await response.body.dump();
    if (response.statusCode === 404) void this.registration?.check();
    if (response.statusCode >= 300) {
      throw new Problem('upstream-unavailable', `The workflow engine answered ${response.statusCode}`);
    }
  }

  /** Takes no more runs, and lets go of Restate; those still in motion are tried again elsewhere or later. */
  async stop(): Promise<void> {
    await this.registration?.end();
    await this.ingress.destroy();
    const { server } = this;
    if (!server?.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const session of this.sessions) session.close();
    const timer = setTimeout(() => this.sessions.forEach((session) => session.destroy()), GRACE_MS);
    await closed;
    clearTimeout(timer);
  }
}
