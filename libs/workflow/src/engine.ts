import { Problem } from '@concord/canonical';
import { log } from '@concord/observability';
import type { Effect, WorkflowDefinition, Write } from './definition.js';
import { asStored } from './fingerprint.js';
import type { LoadedRun, Run } from './ledger-entries.js';
import type { NodeStates } from './ledger-tables.js';
import type { Ledger } from './ledger.js';
import { releasedIn } from './node-states.js';
import { Pass, type PassInput } from './pass.js';
import type { Presence } from './presence.js';
import { placeholderFor, previewOf, type Preview, type PreviewedWrite } from './preview.js';
import { progressOf, type Subject } from './progress.js';

/** A workflow with the services its nodes name. */
export interface Deployment {
  readonly definition: WorkflowDefinition;
  readonly services: object;
  /** An effect from its stored write. */
  readonly resend: (write: Write) => Effect<unknown>;
}

interface Parts {
  readonly ledger: Ledger;
  readonly presence: Presence;
  readonly clock: () => Date;
  readonly chance: () => number;
}

/** Passes over one run in one go, where new events keep coming in. */
const PASSES = 20;

/** Somebody else moved the run on meanwhile, and nothing was written yet: what counts is what the ledger says now. */
class Overtaken extends Error {}

/** Moves runs on, pass by pass. The ledger says where a run stands; the engine holds nothing in memory between passes. */
export class Engine {
  private readonly active = new Map<string, Promise<void>>();
  private stopping = false;

  constructor(private readonly parts: Parts) {}

  /** Moves a run on as far as it goes now. Two calls for one run take turns. Throws `shutting-down` once stopped. */
  async advance(deployment: Deployment, runId: string): Promise<void> {
    const before = this.active.get(runId);
    const work = (before ?? Promise.resolve()).catch(() => undefined).then(() => this.passes(deployment, runId));
    this.active.set(runId, work);
    try {
      await work;
    } finally {
      if (this.active.get(runId) === work) this.active.delete(runId);
    }
  }

  /** What the next pass over a run would do, without doing it. Throws `validation-failed` where a correction fits nothing. */
  async preview(deployment: Deployment, run: Run): Promise<Preview> {
    const writes: PreviewedWrite[] = [];
    const input = this.inputFor(deployment, run, await this.subjectOf(run));
    const result = await new Pass({
      ...input,
      send: (effect, purpose) => {
        writes.push({ ...purpose, ...(asStored(effect.write) as Write) });
        return Promise.resolve(placeholderFor(purpose.step));
      },
      beforeEffects: () => Promise.resolve(),
    }).run();
    await result.view.check(run.corrections);
    return previewOf(writes, result);
  }

  /** Ends the passes under way before their next node; resolves when they have ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.allSettled(this.active.values());
  }

  private async passes(deployment: Deployment, runId: string): Promise<void> {
    for (let passes = 0; passes < PASSES; passes += 1) {
      this.mayGoOn();
      const run = await this.parts.ledger.load(runId);
      if (!run) return log.warn('run.unknown', { runId }); // the ledger is the record
      if (!isDue(run, this.parts.clock())) return;
      try {
        if (await this.isHandledBy(deployment, run)) return;
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
      }
    }
  }

  /** One pass; false when a newer event came in meanwhile. */
  private async isHandledBy(deployment: Deployment, run: Run): Promise<boolean> {
    const { ledger, clock, chance } = this.parts;
    const { definition } = deployment;
    const subject = await this.subjectOf(run);
    const { correlation_id: correlationId } = run;
    let current = run;
    let begun: NodeStates | undefined;
    const result = await new Pass({
      ...this.inputFor(deployment, run, subject),
      send: async (effect, { idempotencyKey }, keep) => keep(await effect.send({ idempotencyKey, correlationId })),
      beforeEffects: async (nodes) => {
        if ((await ledger.begin(current, subject, nodes)) === undefined) throw new Overtaken();
        current = { ...current, status: 'running', version: current.version + 1, completed_at: null };
        begun = { ...nodes };
      },
    }).run();
    const progress = await progressOf(definition, current, subject, result, { now: clock(), chance: chance() });
    const newest = await ledger.save({ ...progress, begun });
    if (newest === undefined) throw new Overtaken();
    for (const { step, owner, problem } of progress.exceptions?.open ?? []) {
      log.warn('run.parked', { runId: run.id, step, owner, problem: problem === 'approval' ? undefined : problem });
    }
    return newest <= subject.position;
  }

  /** A pass that is not over goes on with the event, the figures and the way it began with; then the newer event has its turn. */
  private async subjectOf(run: Run): Promise<Subject> {
    const { event_position, event_data, pass_position, under_way } = run;
    const undo = under_way ? under_way === 'undo' : run.undone_by !== null;
    if (!under_way || pass_position === event_position) return { position: event_position, event: event_data, undo };
    const { position, data } = await this.parts.ledger.eventAt(pass_position);
    return { position, event: data, undo };
  }

  private inputFor(
    deployment: Deployment,
    run: Run,
    { position, event, undo }: Subject,
  ): Omit<PassInput, 'send' | 'beforeEffects'> {
    const { definition, services, resend } = deployment;
    const begun = run.under_way !== null;
    // What a long silence has parked stands before the news, so it is tried again.
    const heardNews = run.status === 'queued' && run.event_position > position;
    return {
      definition,
      services,
      resend,
      runId: run.id,
      correlationId: run.correlation_id,
      event,
      undo,
      begun,
      durable: begun && run.worker === this.parts.presence.id,
      anew: !begun && run.event_position > run.pass_position,
      nodes: heardNews ? releasedIn(run.nodes) : run.nodes,
      corrections: run.corrections,
      now: this.parts.clock,
      goOn: () => this.mayGoOn(),
    };
  }

  private mayGoOn(): void {
    if (this.stopping) throw new Problem('shutting-down');
    if (!this.parts.presence.isSure)
      throw new Problem('upstream-unavailable', 'The ledger has not heard of this process');
  }
}

/**
 * A run is due when a newer event waits and no pass is to end before, when its pass was cut off, or when what it waited for
 * may be there; and when no other process is at it, which would see to all of that.
 */
function isDue(run: LoadedRun, now: Date): boolean {
  if (run.held) return false;
  if (run.status === 'running' || run.status === 'queued') return true;
  if (run.status === 'waiting' && (run.due_at === null || run.due_at <= now)) return true;
  return run.under_way === null && run.event_position > run.handled_position;
}
