import { Problem, type FieldCorrection, type Resolution, type RunPreview, type RunResumed } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Run } from './ledger.js';
import type { LedgerTables, NodeState } from './ledger-tables.js';
import type { WorkflowRuntime } from './runtime.js';

/** Where people repair runs: look at what going on would write, then let it go on. */
export class ExceptionDesk {
  constructor(
    private readonly database: Database,
    private readonly runtime: WorkflowRuntime,
    private readonly clock: () => Date,
  ) {}

  /** The exact writes that the run would make if it went on now. Nothing is written. */
  async preview(exceptionId: string, corrections: readonly FieldCorrection[] = []): Promise<RunPreview> {
    const { run } = await this.find(exceptionId);
    return this.previewOf(run, corrections);
  }

  /** Lets the run go on from the refused step; what is done stays done. */
  async resolve(exceptionId: string, resolution: Resolution, by: string): Promise<RunResumed> {
    const { run, exception } = await this.find(exceptionId);
    if (exception.status === 'resolved') throw new Problem('conflict', 'The exception is resolved already');
    const { previewHash, corrections = [] } = resolution;
    if (exception.kind === 'approval' && !resolution.decision) {
      const errors = [{ pointer: '/decision', code: 'required', detail: 'is missing' }];
      throw new Problem('validation-failed', 'An approval needs a decision', { errors });
    }
    if (previewHash !== undefined && (await this.previewOf(run, corrections)).hash !== previewHash) {
      throw new Problem('conflict', 'The writes would not be those of the preview any more; preview again');
    }
    // Resolving a rejection asks the question anew.
    const reopened = exception.problem === 'approval-rejected' ? { problem: undefined } : undefined;
    const decided = exception.kind === 'approval' ? decision(resolution, by, this.clock()) : reopened;
    const nodes = decided
      ? { ...run.nodes, [exception.step]: { ...run.nodes[exception.step]!, ...decided } }
      : run.nodes;
    await this.database.transaction().execute(async (tx) => {
      await this.goOn(tx, run, nodes, corrections);
      await tx
        .$extendTables<LedgerTables>()
        .updateTable('workflow.exception')
        .set({ status: 'resolving', resolved_by: by, note: resolution.note })
        .where('id', '=', exceptionId)
        .execute();
    });
    this.runtime.notice(run.workflow);
    return { runId: run.id, status: 'queued' };
  }

  /** Tries a parked or waiting run again now, as it is. */
  async resume(runId: string): Promise<RunResumed> {
    const run = await this.runtime.ledger.load(runId);
    if (!run) throw new Problem('not-found', 'There is no such run');
    if (run.status === 'completed' || run.status === 'undone') throw new Problem('conflict', 'The run has ended');
    await this.database.transaction().execute((tx) => this.goOn(tx, run, run.nodes, []));
    this.runtime.notice(run.workflow);
    return { runId, status: 'queued' };
  }

  private async previewOf(run: Run, corrections: readonly FieldCorrection[]): Promise<RunPreview> {
    const changed: Run = {
      ...run,
      pass_position: corrections.length ? 0 : run.pass_position,
      corrections: [...run.corrections, ...corrections],
    };
    const preview = await this.runtime.engine.preview(this.runtime.deploymentOf(run.workflow), changed);
    const { writes, problems, stopped, hash } = preview;
    return { runId: run.id, writes: [...writes], problems: [...problems], stopped: [...stopped], hash };
  }

  /** A correction of what was read makes the figures be computed anew; else the run goes on with those it has. */
  private async goOn(
    tx: Database,
    run: Run,
    nodes: Run['nodes'],
    corrections: readonly FieldCorrection[],
  ): Promise<void> {
    const updated = await tx
      .$extendTables<LedgerTables>()
      .updateTable('workflow.run')
      .set({
        status: 'queued',
        nodes: JSON.stringify(nodes),
        corrections: JSON.stringify([...run.corrections, ...corrections]),
        pass_position: corrections.length ? 0 : run.pass_position,
        attempts: run.attempts + 1,
        version: run.version + 1,
        updated_at: this.clock(),
      })
      .where('id', '=', run.id)
      .where('version', '=', run.version)
      .executeTakeFirst();
    if (updated.numUpdatedRows === 0n) throw new Problem('conflict', 'The run is moving just now; try again');
  }

  private async find(exceptionId: string) {
    const exception = await this.database
      .$extendTables<LedgerTables>()
      .selectFrom('workflow.exception')
      .selectAll()
      .where('id', '=', exceptionId)
      .executeTakeFirst();
    const run = exception && (await this.runtime.ledger.load(exception.run_id));
    if (!exception || !run) throw new Problem('not-found', 'There is no such exception');
    return { exception, run };
  }
}

const decision = ({ decision: word }: Resolution, by: string, at: Date): Partial<NodeState> =>
  word === 'approve'
    ? { status: 'done', value: { approvedBy: by }, at: at.toISOString() }
    : { status: 'parked', problem: 'approval-rejected', at: at.toISOString() };
