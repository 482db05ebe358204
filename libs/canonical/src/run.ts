import { anything, choice, code, codes, count, formatted, instant, list, nested, text, words } from './field.js';
import { Money } from './money.js';
import { financeContract } from './phi.js';

const STEP_STATUS = ['done', 'skipped', 'waiting', 'parked', 'undone'] as const;
const STATUS = ['queued', 'running', 'waiting', 'parked', 'completed', 'undone'] as const;
const OWNER = ['billing', 'supply', 'finance', 'staffing', 'integration'] as const;

const TAKEN = ['queue', 'estimate', 'accrue'] as const;

/** Where one step of a run stands. */
export class RunStep {
  @code('Step')
  name!: string;

  @choice('Whether it completed, waits, or was refused', STEP_STATUS)
  status!: (typeof STEP_STATUS)[number];

  @count('How often it was tried')
  attempts!: number;

  @code('The problem it met last', { optional: true })
  problem?: string;

  @choice('What it did while a system did not answer: waits in a queue, went on with an estimate, accrued', TAKEN, {
    optional: true,
  })
  fallback?: (typeof TAKEN)[number];

  @codes('Documents it left: identifiers and numbers')
  documents!: string[];

  @instant('When it came to this')
  at!: string;
}

/** A run of a workflow. */
@financeContract
export class Run {
  @code('Identifier', { example: 'encounter-to-finance:5a018e7c-5680-4426-98a8-6ffaf4fc70a4' })
  id!: string;

  @code('Workflow')
  workflow!: string;

  @code('Business key, for example the encounter')
  key!: string;

  @choice('Where it stands', STATUS)
  status!: (typeof STATUS)[number];

  @code('Correlation id, from the message that began it to the last posting')
  correlationId!: string;

  @codes('Business numbers by which it can be found')
  businessNumbers!: string[];

  @code('The API that it waits for', { optional: true })
  waitingFor?: string;

  @instant('When it is tried again', { optional: true })
  dueAt?: string;

  @instant('When it began')
  createdAt!: string;

  @instant('When it last moved')
  updatedAt!: string;

  @instant('When it ended', { optional: true })
  completedAt?: string;

  @list('Its steps', () => RunStep)
  steps!: RunStep[];
}

/** A run that stands still at a step until a person has done something. */
@financeContract
export class RunException {
  @code('Identifier')
  id!: string;

  @code('Run')
  runId!: string;

  @code('Workflow')
  workflow!: string;

  @code('Business key of the run')
  key!: string;

  @code('Step that was refused')
  step!: string;

  @choice('A refusal, or a decision to be taken', ['exception', 'approval'])
  kind!: 'exception' | 'approval';

  @choice('Where it stands', ['open', 'resolving', 'resolved'])
  status!: 'open' | 'resolving' | 'resolved';

  @choice('Whose work it is', OWNER)
  owner!: (typeof OWNER)[number];

  @choice('Class of the cause', ['caller', 'business', 'throttled', 'transport', 'internal'])
  cause!: 'caller' | 'business' | 'throttled' | 'transport' | 'internal';

  @code('Problem', { example: 'unknown-code' })
  problem!: string;

  @text('What happened, in words', { max: 500 })
  detail!: string;

  @words('What it is about, in codes')
  context!: Record<string, string>;

  @nested('Money that waits', () => Money, { optional: true })
  atStake?: Money;

  @instant('When it should be dealt with')
  dueAt!: string;

  @instant('When it was raised')
  createdAt!: string;

  @instant('When it was resolved', { optional: true })
  resolvedAt?: string;

  @code('Who resolved it', { optional: true })
  resolvedBy?: string;

  @text('What was done', { optional: true, max: 500 })
  note?: string;
}

/** A value put right in what a step reads, for example a code that was mistyped in the record. */
export class FieldCorrection {
  @code('The read, as the workflow names it', { example: 'encounter' })
  read!: string;

  @formatted('JSON pointer of the member (RFC 6901)', /^(\/[^/]{1,60}){1,10}$/, { example: '/services/0/code/code' })
  pointer!: string;

  @text('The right value')
  value!: string;
}

/** What a preview should assume. */
export class PreviewRequest {
  @list('Values to put right', () => FieldCorrection, { optional: true, max: 20 })
  corrections?: FieldCorrection[];
}

/** One write that resolving would make. */
export class PreviewWrite {
  @code('Step')
  step!: string;

  @choice('Done, or taken back', ['do', 'undo'])
  action!: 'do' | 'undo';

  @text('API', { example: 'system/erp' })
  api!: string;

  @code('Operation')
  operation!: string;

  @text('Address below the API', { max: 400 })
  path!: string;

  @anything('Body', { optional: true })
  body?: unknown;
}

export class PreviewProblem {
  @code('Step')
  step!: string;

  @code('Problem')
  problem!: string;

  @text('In words', { max: 500 })
  detail!: string;
}

/** The exact writes that resolving would make now. */
export class RunPreview {
  @code('Run')
  runId!: string;

  @list('Writes, in their order', () => PreviewWrite)
  writes!: PreviewWrite[];

  @list('Steps that would be refused again', () => PreviewProblem)
  problems!: PreviewProblem[];

  @codes('Steps that would still wait')
  stopped!: string[];

  @formatted('Names exactly these writes; give it back on resolve', /^[A-Za-z0-9_-]{10,100}$/)
  hash!: string;
}

/** How an exception is resolved. */
export class Resolution {
  @text('What was done, without any name of a person', { max: 500, example: 'Crosswalk entry added' })
  note!: string;

  @choice('Decision, where one was asked for', ['approve', 'reject'], { optional: true })
  decision?: 'approve' | 'reject';

  @list('Values to put right', () => FieldCorrection, { optional: true, max: 20 })
  corrections?: FieldCorrection[];

  @formatted('Hash of the preview: refused when the writes would be others', /^[A-Za-z0-9_-]{10,100}$/, {
    optional: true,
  })
  previewHash?: string;
}

/** A run goes on; it is moved in the background. */
export class RunResumed {
  @code('Run')
  runId!: string;

  @choice('Where it stands', STATUS)
  status!: (typeof STATUS)[number];
}
