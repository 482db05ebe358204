import { createHash } from 'node:crypto';
import { canonicalJson, Problem, PROBLEMS, RunParked, type Money } from '@concord/canonical';
import type { NewEvent } from '@concord/events';
import { log } from '@concord/observability';
import type { Effect, WorkflowDefinition } from './definition.js';
import type { Ledger, OpenException, Progress, Run } from './ledger.js';
import type { NodeStates } from './ledger-tables.js';
import { Pass, type Parked, type PassResult, type Purpose } from './pass.js';

/** A workflow with the services its nodes name. */
export interface Deployment {
  readonly definition: WorkflowDefinition;
  readonly services: object;
  /** An effect from its stored write. */
  readonly resend: (write: Effect<unknown>['write']) => Effect<unknown>;
}

/** One write that a pass would make. */
export interface PreviewedWrite extends Purpose {
  readonly api: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

export interface Preview {
  readonly writes: readonly PreviewedWrite[];
  /** Steps that would be refused again. */
  readonly problems: readonly { readonly step: string; readonly problem: string; readonly detail: string }[];
  /** Steps that would still have to wait. */
  readonly stopped: readonly string[];
  /** Changes with any of the writes; given back on resolve, it makes sure that just these are made. */
  readonly hash: string;
}

interface Parts {
  readonly ledger: Ledger;
  readonly clock: () => Date;
  readonly chance: () => number;
}

/** Hours in which an exception should be dealt with. */
const DUE_HOURS = 24;
const LONGEST_WAIT_MS = 60_000;
const SHORTEST_WAIT_MS = 500;
const PASSES = 20;

/** Moves runs on, pass by pass. The ledger says where a run stands; the engine holds nothing in memory between passes. */
export class Engine {
  private readonly active = new Map<string, Promise<void>>();

  constructor(private readonly parts: Parts) {}

  /** Moves a run on as far as it goes now. Two calls for one run take turns. */
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

  /** What the next pass over a run would do, without doing it. */
  async preview(deployment: Deployment, run: Run): Promise<Preview> {
    const writes: PreviewedWrite[] = [];
    const send = (effect: Effect<unknown>, purpose: Purpose): Promise<unknown> => {
      writes.push({ ...purpose, ...effect.write });
      return Promise.resolve(placeholderFor(purpose.step));
    };
    const pass = this.passOver(deployment, run, send, () => Promise.resolve());
    const { parked, waiting, blocked } = await (isCancelled(deployment, run) ? pass.undo() : pass.run());
    const problems = parked.map(({ node, detail, problem }) => ({
      step: node.name,
      problem: problem?.slug ?? 'approval',
      detail,
    }));
    const stopped = [...waiting.map(({ node }) => node.name), ...blocked];
    return { writes, problems, stopped, hash: hashOf(writes) };
  }

  private passOver(
    deployment: Deployment,
    run: Run,
    send: (effect: Effect<unknown>, purpose: Purpose) => Promise<unknown>,
    beforeEffects: (nodes: NodeStates) => Promise<void>,
  ): Pass {
    const { definition, services, resend } = deployment;
    return new Pass({
      send,
      definition,
      services,
      resend,
      runId: run.id,
      correlationId: run.correlation_id,
      event: run.event_data,
      anew: run.status !== 'running' && run.event_position > run.pass_position,
      nodes: run.nodes,
      corrections: run.corrections,
      now: this.parts.clock,
      beforeEffects,
    });
  }

  private async passes(deployment: Deployment, runId: string): Promise<void> {
    for (let passes = 0; passes < PASSES; passes += 1) {
      const run = await this.parts.ledger.load(runId);
      if (!run) throw new Problem('not-found', 'There is no such run');
      if (!isDue(run, this.parts.clock())) return;
      await this.onePass(deployment, run);
      const after = await this.parts.ledger.load(runId);
      if (!after || after.event_position <= after.handled_position) return;
    }
  }

  private async onePass(deployment: Deployment, run: Run): Promise<void> {
    // A pass that was cut off goes on with the event and the figures it began with, then the newer event has its turn.
    const cutOff = run.status === 'running';
    const position = cutOff ? run.pass_position : run.event_position;
    let current = run;
    const { correlation_id: correlationId } = run;
    const send = (effect: Effect<unknown>, { idempotencyKey }: Purpose) =>
      effect.send({ idempotencyKey, correlationId });
    const pass = this.passOver(deployment, run, send, async (nodes) => {
      if (current.status === 'running') return;
      current = await this.begin(current, position, nodes);
    });
    const cancelled = position === run.event_position && isCancelled(deployment, run);
    const result = cancelled ? await pass.undo() : await pass.run();
    const progress = await this.progressOf(deployment, current, position, result, cancelled);
    if (!(await this.parts.ledger.save(progress)))
      throw new Problem('conflict', 'The run was moved on by another worker');
    for (const parked of result.parked) {
      log.warn('run.parked', {
        runId: run.id,
        step: parked.node.name,
        owner: parked.owner,
        problem: parked.problem?.slug,
      });
    }
  }

  /** Makes the figures durable before the first effect. */
  private async begin(run: Run, position: number, nodes: NodeStates): Promise<Run> {
    const begun = await this.parts.ledger.save({
      run,
      status: 'running',
      passPosition: position,
      handledPosition: run.handled_position,
      nodes,
      businessNumbers: run.business_numbers,
      waitingFor: undefined,
      dueAt: undefined,
      attempts: run.attempts,
      completedAt: undefined,
      events: [],
      exceptions: [],
      final: false,
    });
    if (!begun) throw new Problem('conflict', 'The run was moved on by another worker');
    return { ...run, status: 'running', version: run.version + 1, completed_at: null };
  }

  private async progressOf(
    { definition }: Deployment,
    run: Run,
    position: number,
    result: PassResult,
    cancelled: boolean,
  ): Promise<Progress> {
    const now = this.parts.clock();
    const { parked, waiting, blocked, view, nodes } = result;
    const ended = !parked.length && !waiting.length && !blocked.length;
    const status = ended ? (cancelled ? 'undone' : 'completed') : waiting.length ? 'waiting' : 'parked';
    const attempts = waiting.length ? run.attempts + 1 : 0;
    const stake = parked.length && definition.atStake ? view.glance(definition.atStake) : undefined;
    const kept = Object.fromEntries(Object.entries(nodes).map(([name, state]) => [name, state.value]));
    const announce = cancelled ? definition.announceUndone : definition.announce;
    const events = parked.map((one) => parkedEvent(run, position, one, now));
    // A run that was complete and that nothing changed has nothing new to say.
    if (ended && announce && !run.completed_at) {
      const said = await view.evaluate(announce.data);
      if (!('value' in said)) throw new Problem('internal', `${definition.name} cannot say that it ended`);
      events.push(announced(run, position, announce.type, said.value, now));
    }
    return {
      run,
      status,
      passPosition: position,
      handledPosition: position,
      nodes,
      businessNumbers: [...new Set([run.key, ...definition.references(kept)])],
      waitingFor: waiting.find((one) => one.api)?.api,
      dueAt: waiting.length ? this.dueAt(waiting, attempts, now) : undefined,
      attempts,
      completedAt: ended ? now : undefined,
      events,
      exceptions: parked.map((one) => exceptionOf(run, one, one.amount ?? stake, now)),
      final: true,
    };
  }

  /** The moment of a timer; for a silent system a wait that doubles up to a minute, spread by chance. */
  private dueAt(waiting: PassResult['waiting'], attempts: number, now: Date): Date {
    const silent = waiting.some((one) => !one.until);
    const until = waiting.flatMap((one) => one.until ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
    if (!silent && until) return until;
    const ceiling = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** Math.min(attempts, 10));
    return new Date(now.getTime() + ceiling / 2 + (this.parts.chance() * ceiling) / 2);
  }
}

const isCancelled = ({ definition }: Deployment, run: Run): boolean => run.event_type === definition.cancelledBy;

/** Stands for what a step would give: its members read as `<claim.number>`. */
const placeholderFor = (step: string): unknown =>
  new Proxy({}, { get: (_, member) => (member === 'then' ? undefined : `<${step}.${String(member)}>`) });

const hashOf = (writes: readonly PreviewedWrite[]): string =>
  createHash('sha256').update(canonicalJson(writes)).digest('base64url');

/** A run is due when a newer event waits, when its pass was cut off, or when what it waited for may be there. */
function isDue(run: Run, now: Date): boolean {
  if (run.event_position > run.handled_position || run.status === 'running' || run.status === 'queued') return true;
  return run.status === 'waiting' && (run.due_at === null || run.due_at <= now);
}

function exceptionOf(run: Run, parked: Parked, stake: Money | undefined, now: Date): OpenException {
  const { node, kind, owner, problem, detail } = parked;
  return {
    id: `${run.id}:${node.name}`,
    run_id: run.id,
    workflow: run.workflow,
    key: run.key,
    step: node.name,
    kind,
    owner,
    cause: problem?.kind.cause ?? 'business',
    problem: problem?.slug ?? 'approval',
    detail: detail || (problem ? PROBLEMS[problem.slug].title : ''),
    context: problem?.context ?? {},
    at_stake: stake,
    due_at: new Date(now.getTime() + DUE_HOURS * 3_600_000),
  };
}

function parkedEvent(run: Run, position: number, parked: Parked, now: Date): NewEvent {
  const problem = parked.problem?.slug ?? 'approval';
  const said: RunParked = {
    runId: run.id,
    key: run.key,
    workflow: run.workflow,
    step: parked.node.name,
    problem,
    owner: parked.owner,
    occurredAt: now.toISOString(),
  };
  return {
    ...announced(run, position, RunParked.type, said, now),
    id: `${run.id}:${position}:${parked.node.name}:${run.version}`,
  };
}

function announced(run: Run, position: number, type: string, data: unknown, time: Date): NewEvent {
  const source = `urn:concord:workflow:${run.workflow}`;
  return { id: `${run.id}:${position}`, type, source, subject: run.key, correlationId: run.correlation_id, time, data };
}
