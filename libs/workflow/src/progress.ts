import { Problem, PROBLEMS, RunParked, type Money } from '@concord/canonical';
import type { NewEvent } from '@concord/events';
import { nextTry } from './backoff.js';
import { ANNOUNCEMENT, type WorkflowDefinition } from './definition.js';
import type { OpenException, Progress, Run } from './ledger-entries.js';
import { isFallbackNumber } from './numbered.js';
import type { PassResult } from './pass.js';
import type { Parked } from './standing.js';

/** What a pass was about: the event it worked in, and in which direction. */
export interface Subject {
  readonly position: number;
  readonly event: unknown;
  readonly undo: boolean;
}

/** Hours in which an exception should be dealt with. */
const DUE_HOURS = 24;

/** What a pass that ended changes of its run: where it stands, whom it waits for, and what is said about it. */
export async function progressOf(
  definition: WorkflowDefinition,
  run: Run,
  { position, undo }: Subject,
  { standing, view, isOver }: PassResult,
  { now, chance }: { readonly now: Date; readonly chance: number },
): Promise<Progress> {
  const { nodes, waiting, left } = standing;
  const said = standing.isHeldUp ? undefined : await announcement(definition, run, undo, { standing, view });
  const parked = said && 'problem' in said ? [cannotAnnounce(said.problem)] : standing.parked;
  const ended = !standing.isHeldUp && !parked.length;
  const attempts = waiting.length ? run.attempts + 1 : 0;
  const stake = parked.length && definition.atStake ? await view.glance(definition.atStake) : undefined;
  const kept = Object.fromEntries(Object.entries(nodes).map(([name, { value }]) => [name, value]));
  return {
    run,
    status: ended ? (undo ? 'undone' : 'completed') : waiting.length ? 'waiting' : 'parked',
    passPosition: position,
    handledPosition: position,
    underWay: isOver ? null : undo ? 'undo' : 'do',
    nodes,
    businessNumbers: [
      ...new Set([...run.business_numbers.filter((one) => !isFallbackNumber(one)), ...definition.references(kept)]),
    ],
    waitingFor: waiting.find(({ api }) => api)?.api,
    dueAt: waiting.length ? nextTry(waiting, attempts, now, chance) : undefined,
    attempts,
    completedAt: ended ? now : undefined,
    events: [
      ...parked.map((one) => parkedEvent(run, one, now)),
      ...(said && 'value' in said ? [spoken(run, said.type, said.value, now)] : []),
    ],
    exceptions: { open: parked.map((one) => exceptionOf(run, one, one.amount ?? stake, now)), left },
    at: now,
  };
}

type Said = { readonly type: string; readonly value: unknown } | { readonly problem: Problem };

/** A run that was complete and that nothing changed has nothing new to say, nor has one that had done nothing. */
async function announcement(
  definition: WorkflowDefinition,
  run: Run,
  undo: boolean,
  { standing, view }: Pick<PassResult, 'standing' | 'view'>,
): Promise<Said | undefined> {
  const announce = undo ? definition.announceUndone : definition.announce;
  const undone = Object.values(standing.nodes).some(({ status }) => status === 'undone');
  const isNews = undo ? undone : standing.changed || !run.completed_at;
  if (!announce || !isNews) return undefined;
  const evaluated = await view.evaluate(announce.data);
  if ('value' in evaluated) return { type: announce.type, value: evaluated.value };
  const unknown = 'blockedBy' in evaluated ? new Problem('internal') : evaluated.problem;
  return { problem: unknown };
}

const cannotAnnounce = (problem: Problem): Parked => ({
  step: ANNOUNCEMENT,
  kind: 'exception',
  owner: 'integration',
  problem,
  detail: problem.message,
});

function exceptionOf(run: Run, parked: Parked, stake: Money | undefined, now: Date): OpenException {
  const { step, kind, owner, problem, detail } = parked;
  return {
    id: `${run.id}:${step}`,
    run_id: run.id,
    workflow: run.workflow,
    key: run.key,
    step,
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

function parkedEvent(run: Run, { step, problem, owner }: Parked, now: Date): NewEvent {
  const said: RunParked = {
    runId: run.id,
    key: run.key,
    workflow: run.workflow,
    step,
    problem: problem?.slug ?? 'approval',
    owner,
    occurredAt: now.toISOString(),
  };
  return spoken(run, RunParked.type, said, now, step);
}

/** An event of the run. Each save of a run has a version of its own, so an event is said once for each save. */
function spoken(run: Run, type: string, data: unknown, time: Date, part = ''): NewEvent {
  return {
    id: `${run.id}:${run.version}${part && `:${part}`}`,
    type,
    source: `urn:concord:workflow:${run.workflow}`,
    subject: run.key,
    correlationId: run.correlation_id,
    time,
    data,
  };
}
