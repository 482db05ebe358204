import { Problem } from '@concord/canonical';
import type { Database } from '@concord/database';
import { Subscription, type EventLog } from '@concord/events';
import { Dispatcher } from './dispatcher.js';
import { Engine, type Deployment } from './engine.js';
import { Ledger } from './ledger.js';
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
  private readonly running = new Map<string, Running>();

  constructor(private readonly parts: Parts) {
    this.ledger = new Ledger(parts.database, parts.events);
    this.engine = new Engine({ ledger: this.ledger, clock: parts.clock, chance: Math.random });
    parts.reachability.onRecovered((api) => {
      for (const { dispatcher } of this.running.values()) void dispatcher.recovered(api);
    });
  }

  /** Makes a workflow known. Runs begin to move with `start`. */
  deploy(deployment: Deployment): void {
    const { definition } = deployment;
    const { database, events, restate, reachability } = this.parts;
    const dispatcher = new Dispatcher({
      database,
      workflow: definition.name,
      submit: (run, attempt) => restate.submit(definition.name, run, attempt),
      silentApis: reachability.silentApis,
    });
    const types = [definition.startedBy, ...(definition.cancelledBy ? [definition.cancelledBy] : [])];
    const subscription = new Subscription(database, events, {
      name: `workflow:${definition.name}`,
      types,
      take: async (batch, tx) => {
        const keyed = batch.map((event) => ({ key: definition.keyOf(event.data), event }));
        await this.ledger.enqueue(tx, definition.name, keyed);
      },
      taken: () => dispatcher.notice(),
    });
    this.running.set(definition.name, { deployment, dispatcher, subscription });
  }

  async start(): Promise<void> {
    const handlers = [...this.running].map(([name, { deployment, dispatcher }]) => {
      const advance = async (runId: string) => {
        try {
          await this.engine.advance(deployment, runId);
        } finally {
          dispatcher.ended(runId);
        }
      };
      return [name, advance] as const;
    });
    if (!handlers.length) return;
    await this.parts.restate.serve(Object.fromEntries(handlers));
    for (const { dispatcher, subscription } of this.running.values()) {
      subscription.start();
      dispatcher.start();
    }
  }

  async stop(): Promise<void> {
    for (const { dispatcher, subscription } of this.running.values()) {
      await subscription.stop();
      await dispatcher.stop();
    }
    await this.parts.restate.stop();
  }

  deploymentOf(workflow: string): Deployment {
    const running = this.running.get(workflow);
    if (!running) throw new Problem('not-found', 'This process does not run that workflow');
    return running.deployment;
  }

  /** There may be something to do for the workflow: a run was resumed. */
  notice(workflow: string): void {
    this.running.get(workflow)?.dispatcher.notice();
  }
}
