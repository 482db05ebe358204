import net from 'node:net';
import { log } from '@concord/observability';

const WATCH_MS = 2000;
const ANSWER_MS = 5000;
const CONNECT_MS = 1000;

/**
 * Keeps the workflows of this process known to Restate, which sends a run to the process that was registered last. When
 * Restate has lost what it knew, or that process is gone, this one registers anew and takes over.
 */
export class Registration {
  private timer: NodeJS.Timeout | undefined;
  private checking: Promise<void> | undefined;

  constructor(
    private readonly adminUrl: string,
    private readonly uri: string,
    private readonly workflows: readonly string[],
  ) {}

  /** Makes the workflows known, and watches that they stay so. Throws where Restate refuses them. */
  async begin(): Promise<void> {
    await this.register();
    await this.forgetGone().catch((error: unknown) => log.warn('restate.not-tidied', { error }));
    this.timer = setInterval(() => void this.check(), WATCH_MS);
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.checking;
  }

  /** Registers anew where that is needed. One check at a time. */
  check(): Promise<void> {
    this.checking ??= this.registerIfLost()
      .catch((error: unknown) => log.warn('restate.unreachable', { error }))
      .finally(() => {
        this.checking = undefined;
      });
    return this.checking;
  }

  private async registerIfLost(): Promise<void> {
    for (const workflow of this.workflows) {
      const holder = await this.holderOf(workflow);
      if (holder === this.uri || (holder && (await isReachable(holder)))) continue;
      log.warn('restate.registered-anew', { workflow });
      return this.register();
    }
  }

  /** Where Restate sends the runs of a workflow; undefined where it does not know it. */
  private async holderOf(workflow: string): Promise<string | undefined> {
    const service = await this.ask<{ deployment_id: string }>('GET', `/services/${workflow}`);
    const holder = service && (await this.ask<Deployment>('GET', `/deployments/${service.deployment_id}`));
    return holder?.uri;
  }

  private async register(): Promise<void> {
    await this.ask('POST', '/deployments', { uri: this.uri, force: true });
  }

  /** Each start may have another port: forgets those at which nobody is any more, and which served nothing else. */
  private async forgetGone(): Promise<void> {
    const known = await this.ask<{ deployments: Deployment[] }>('GET', '/deployments');
    for (const { id, uri, services } of known?.deployments ?? []) {
      const isOurs = services.every(({ name }) => this.workflows.includes(name));
      if (uri === this.uri || !isOurs || (await isReachable(uri))) continue;
      await this.ask('DELETE', `/deployments/${id}?force=true`);
    }
  }

  /** Undefined where there is no such thing. */
  private async ask<T>(method: string, path: string, body?: object): Promise<T | undefined> {
    const answer = await fetch(`${this.adminUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await answer.text();
    if (answer.status === 404 && method !== 'POST') return undefined;
    if (!answer.ok) throw new Error(`Restate answered ${method} ${path} with ${answer.status}`);
    return text ? (JSON.parse(text) as T) : undefined;
  }
}

/** An address at which Restate finds services. */
interface Deployment {
  readonly id: string;
  readonly uri: string;
  readonly services: readonly { readonly name: string }[];
}

/** Whether anybody listens there. */
function isReachable(uri: string): Promise<boolean> {
  const { hostname, port } = new URL(uri);
  return new Promise((resolve) => {
    const socket = net.connect({ host: hostname, port: Number(port || 80), timeout: CONNECT_MS });
    const end = (reachable: boolean) => () => {
      socket.destroy();
      resolve(reachable);
    };
    socket.once('connect', end(true)).once('timeout', end(false)).once('error', end(false));
  });
}
