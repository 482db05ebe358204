import { Problem, type FieldCorrection, type Resolution, type RunPreview, type RunResumed } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Selectable } from 'kysely';
import type { Run } from './ledger-entries.js';
import type { ExceptionRow, LedgerTables, NodeState } from './ledger-tables.js';
import { releasedIn } from './node-states.js';
import type { WorkflowRuntime } from './runtime.js';

/** What a preview assumes of an approval, and of who gives it. */
const APPROVED: Pick<Resolution, 'decision'> = { decision: 'approve' };
const SOMEBODY = '<approver>';

/** Where people repair runs: look at what going on would write, then let it go on. */
export class ExceptionDesk {
  constructor(
    private readonly database: Database,
    private readonly runtime: WorkflowRuntime,
    private readonly clock: () => Date,
  ) {}

  /**
   * The exact writes that the run would make if the exception were resolved now, an approval granted. Nothing is written.
   * Throws `validation-failed` where a correction fits nothing.
   */
  async preview(exceptionId: string, corrections: readonly FieldCorrection[] = []): Promise<RunPreview> {
    const { run, exception } = await this.find(exceptionId);
    return this.previewOf(this.resolved(run, exception, { ...APPROVED, corrections: [...corrections] }, SOMEBODY));
  }

  /**
   * Lets the run go on from the refused step; what is done stays done. Throws `conflict` where the writes would not be
   * those of the preview, or where somebody was faster.
   */
  async resolve(exceptionId: string, resolution: Resolution, by: string): Promise<RunResumed> {
    const { run, exception } = await this.find(exceptionId);
    if (exception.status !== 'open') throw new Problem('conflict', `The exception is ${exception.status} already`);
    if (exception.kind === 'approval' && !resolution.decision) {
      const errors = [{ pointer: '/decision', code: 'required', detail: 'is missing' }];
      throw new Problem('validation-failed', 'An approval needs a decision', { errors });
    }
    await this.checkWrites(run, exception, resolution);
    await this.database.transaction().execute(async (tx) => {
      await this.goOn(tx, this.resolved(run, exception, resolution, by));
      const { numUpdatedRows } = await tx
        .$extendTables<LedgerTables>()
        .updateTable('workflow.exception')
        .set({ status: 'resolving', resolved_by: by, note: resolution.note })
        .where('id', '=', exceptionId)
        .where('status', '=', 'open')
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new Problem('conflict', 'Somebody else is resolving the exception');
    });
    return this.noticed(run);
  }

  /** Tries what is parked or waits again now, as it is. */
  async resume(runId: string): Promise<RunResumed> {
    const run = await this.load(runId);
    if (run.status === 'completed' || run.status === 'undone') throw new Problem('conflict', 'The run has ended');
    await this.goOn(this.database, { ...run, nodes: releasedIn(run.nodes) });
    return this.noticed(run);
  }

  /** Undoes everything that the run did, last first; a newer event does it anew. */
  async undo(runId: string, by: string): Promise<RunResumed> {
    const run = await this.load(runId);
    if (run.status === 'undone') throw new Problem('conflict', 'The run is undone already');
    if (run.under_way === 'do') checkIsOver(run);
    await this.goOn(this.database, { ...run, nodes: releasedIn(run.nodes), undone_by: by });
    return this.noticed(run);
  }

  /** A correction has to fit, and what was previewed has to be what is written; a rejection writes nothing. */
  private async checkWrites(run: Run, exception: Selectable<ExceptionRow>, resolution: Resolution): Promise<void> {
    const { previewHash, corrections, decision } = resolution;
    if (decision === 'reject' || (previewHash === undefined && !corrections?.length)) return;
    const { hash } = await this.previewOf(this.resolved(run, exception, resolution, SOMEBODY));
    if (previewHash !== undefined && hash !== previewHash) {
      throw new Problem('conflict', 'The writes would not be those of the preview any more; preview again');
    }
  }

  /** The run as resolving the exception leaves it to the next pass. What was corrected is computed anew. */
  private resolved(
    run: Run,
    exception: Selectable<ExceptionRow>,
    { decision, corrections = [] }: Pick<Resolution, 'decision' | 'corrections'>,
    by: string,
  ): Run {
    const { step, kind } = exception;
    if (corrections.length) checkIsOver(run);
    const decided = kind === 'approval' && decision ? this.decided(run.nodes[step], decision, by) : undefined;
    return {
      ...run,
      nodes: decided ? { ...run.nodes, [step]: decided } : releasedIn(run.nodes, step),
      corrections: [...run.corrections, ...corrections],
      pass_position: corrections.length ? 0 : run.pass_position,
    };
  }

  private decided(asked: NodeState | undefined, decision: 'approve' | 'reject', by: string): NodeState {
    const at = this.clock().toISOString();
    const { effect, revision = 0, attempts = 0 } = asked ?? {};
    const decided = { effect, revision, attempts, at };
    return decision === 'approve'
      ? { ...decided, status: 'done', value: { approvedBy: by } }
      : { ...decided, status: 'waiting', problem: 'approval-rejected' };
  }

  private async previewOf(run: Run): Promise<RunPreview> {
    const deployment = this.runtime.deploymentOf(run.workflow);
    const { writes, problems, stopped, hash } = await this.runtime.engine.preview(deployment, run);
    return { runId: run.id, writes: [...writes], problems: [...problems], stopped: [...stopped], hash };
  }

  /** A pass that has begun to write goes on with the figures it has, so nobody may change them then. */
  private async goOn(database: Database, run: Run): Promise<void> {
    const { nodes, corrections, pass_position, undone_by, version } = run;
    const { numUpdatedRows } = await database
      .$extendTables<LedgerTables>()
      .updateTable('workflow.run')
      .set({
        status: 'queued',
        nodes: JSON.stringify(nodes),
        moved: '{}',
        corrections: JSON.stringify(corrections),
        pass_position,
        undone_by,
        waiting_for: null,
        due_at: null,
        attempts: 0,
        version: version + 1,
        updated_at: this.clock(),
      })
      .where('id', '=', run.id)
      .where('version', '=', version)
      .where('status', '<>', 'running')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new Problem('conflict', 'The run is moving just now; try again');
  }

  private noticed({ id, workflow }: Run): RunResumed {
    this.runtime.notice(workflow);
    return { runId: id, status: 'queued' };
  }

  private async load(runId: string): Promise<Run> {
    const run = await this.runtime.ledger.load(runId);
    if (!run) throw new Problem('not-found', 'There is no such run');
    return run;
  }

  private async find(exceptionId: string): Promise<{ exception: Selectable<ExceptionRow>; run: Run }> {
    const exception = await this.database
      .$extendTables<LedgerTables>()
      .selectFrom('workflow.exception')
      .selectAll()
      .where('id', '=', exceptionId)
      .executeTakeFirst();
    if (!exception) throw new Problem('not-found', 'There is no such exception');
    return { exception, run: await this.load(exception.run_id) };
  }
}

/** What a pass that was cut off may have written is found by going on just as it began. One that is moving is refused later. */
function checkIsOver({ under_way, status }: Run): void {
  if (under_way === null || status === 'running') return;
  throw new Problem(
    'conflict',
    'A pass was cut off, and it is not known yet what it wrote: let the run go on as it is first',
  );
}
