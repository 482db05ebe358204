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
    const service = await this.ask(`/services/${workflow}`);
    const deployment = service && (await this.ask(`/deployments/${service['deployment_id']}`));
    return deployment?.['uri'];
  }

  private async ask(path: string): Promise<Record<string, string> | undefined> {
    const answer = await fetch(`${this.adminUrl}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const body: unknown = await answer.json().catch(() => undefined);
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`Restate answered ${answer.status}`);
    return body as Record<string, string>;
  }

  private async register(): Promise<void> {
    const answer = await fetch(`${this.adminUrl}/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uri: this.uri, force: true }),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`Restate refused the workflows at ${this.uri}: ${answer.status}`);
  }
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
