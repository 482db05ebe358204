import { Problem } from '@concord/canonical';
import type { Database } from '@concord/database';
import { Subscription, type EventLog } from '@concord/events';
import type { WorkflowDefinition } from './definition.js';
import { Dispatcher } from './dispatcher.js';
import { Engine, type Deployment } from './engine.js';
import { Ledger } from './ledger.js';
import { Presence } from './presence.js';
import { ReadyRuns } from './ready-runs.js';
import type { RestateRuntime } from './restate.js';

/** What the engine is told about the APIs that steps call. */
export interface Reachability {
  readonly silentApis: () => readonly string[];
  readonly onRecovered: (listener: (api: string) => void) => void;
}

interface Parts {
  readonly database: Database;
  readonly events: EventLog;
  readonly restate: RestateRuntime;
  readonly clock: () => Date;
  readonly reachability: Reachability;
}

interface Running {
  readonly deployment: Deployment;
  readonly dispatcher: Dispatcher;
  readonly subscription: Subscription;
}

/**
 * The workflows of this process. Events become runs of the ledger (in the transaction that moves the cursor), the
 * dispatcher hands runs to Restate, Restate calls the engine, the engine moves them on.
 */
export class WorkflowRuntime {
  readonly ledger: Ledger;
  readonly engine: Engine;
  private readonly presence: Presence;
  private readonly running = new Map<string, Running>();

  constructor(private readonly parts: Parts) {
    const { database, events, clock, reachability } = parts;
    this.presence = new Presence(database);
    this.ledger = new Ledger(database, events, clock, this.presence.id);
    this.engine = new Engine({ ledger: this.ledger, presence: this.presence, clock, chance: Math.random });
    reachability.onRecovered((api) => {
      for (const { dispatcher } of this.running.values()) void dispatcher.recovered(api);
    });
  }

  /** Makes a workflow known. Runs begin to move with `start`. A service must not be named as a node is. */
  deploy(deployment: Deployment): void {
    const { definition, services } = deployment;
    const both = definition.nodes.find(({ name }) => name in services);
    if (both) throw new Error(`${definition.name} has a node and a service named ${both.name}`);
    const dispatcher = this.dispatcherOf(definition.name);
    const subscription = this.subscriptionOf(definition, ({ length }) => dispatcher.arrived(length));
    this.running.set(definition.name, { deployment, dispatcher, subscription });
  }

  async start(): Promise<void> {
    const handlers = [...this.running].map(([name, running]) => [name, this.handlerOf(running)] as const);
    if (!handlers.length) return;
    await this.presence.start();
    await this.parts.restate.serve(Object.fromEntries(handlers));
    for (const { dispatcher, subscription } of this.running.values()) {
      subscription.start();
      dispatcher.start();
    }
  }

  /** Takes up nothing more, and waits for the runs in motion to end at their next node, up to a limit. */
  async stop(): Promise<void> {
    const running = [...this.running.values()];
    await Promise.all(running.flatMap(({ dispatcher, subscription }) => [subscription.stop(), dispatcher.stop()]));
    await within(LONGEST_STOP_MS, this.engine.stop());
    await this.presence.stop();
    await this.parts.restate.stop();
  }

  deploymentOf(workflow: string): Deployment {
    const running = this.running.get(workflow);
    if (!running) throw new Problem('not-found', 'This process does not run that workflow');
    return running.deployment;
  }

  /** There may be something to do for the workflow: a run was let go on. */
  notice(workflow: string): void {
    this.running.get(workflow)?.dispatcher.lookEverywhere();
  }

  private dispatcherOf(workflow: string): Dispatcher {
    const { database, restate, reachability, clock } = this.parts;
    return new Dispatcher({
      workflow,
      ready: new ReadyRuns(database, workflow, clock, this.presence.id),
      submit: (run, attempt) => restate.submit(workflow, run, attempt),
      submitTogether: (runIds) => restate.submitTogether(workflow, runIds),
      silentApis: reachability.silentApis,
    });
  }

  private subscriptionOf(
    { name, startedBy, cancelledBy, keyOf }: WorkflowDefinition,
    taken: (arrived: readonly unknown[]) => void,
  ): Subscription {
    return new Subscription(this.parts.database, this.parts.events, {
      name: `workflow:${name}`,
      types: cancelledBy ? [startedBy, cancelledBy] : [startedBy],
      take: (batch, tx) => {
        const keyed = batch.map((event) => ({ key: keyOf(event.data), event, cancels: event.type === cancelledBy }));
        return this.ledger.enqueue(tx, name, keyed);
      },
      taken,
    });
  }

  private handlerOf({ deployment, dispatcher }: Running) {
    return async (runId: string): Promise<void> => {
      dispatcher.began(runId);
      try {
        await this.engine.advance(deployment, runId);
      } finally {
        dispatcher.ended(runId);
      }
    };
  }
}

/** Longer than any call of ours may take. */
const LONGEST_STOP_MS = 25_000;

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
