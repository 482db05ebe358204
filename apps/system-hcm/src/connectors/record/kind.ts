/** What the record knows of each kind of resource: its name, how lists are filtered, and what of it is sealed. */
import type {
  Assignment,
  Credential,
  Onboarding,
  OrgUnit,
  PayResult,
  Position,
  Shift,
  Termination,
  TimeEntry,
  Worker,
} from '@concord/canonical';

/** What every resource of the record carries. */
export interface Versioned {
  id: string;
  revision: string;
  changedAt: string;
}

export interface Kind<T extends Versioned> {
  readonly name: string;
  /** As operations are called: `readWorker`, `listWorkers`. */
  readonly one: string;
  readonly many: string;
  /** Of the identifiers that the record gives. */
  readonly prefix: string;
  /** Members that are stored sealed; no list is filtered by them. */
  readonly sealed: readonly (keyof T & string)[];
  /** The member that a query field asks for. */
  readonly filters: Readonly<Record<string, keyof T & string>>;
}

const kind = <T extends Versioned>(
  one: string,
  prefix: string,
  filters: Kind<T>['filters'],
  { many = `${one}s`, sealed = [] }: { many?: string; sealed?: Kind<T>['sealed'] } = {},
): Kind<T> => ({
  name: one.replace(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase(),
  one,
  many,
  prefix,
  sealed,
  filters,
});

export const WORKER = kind<Worker>(
  'Worker',
  'W',
  { role: 'role', status: 'status', cost_center: 'costCenter', org_unit: 'orgUnit' },
  { sealed: ['personal'] },
);
export const POSITION = kind<Position>('Position', 'POS', { status: 'status', org_unit: 'orgUnit' });
export const ASSIGNMENT = kind<Assignment>('Assignment', 'ASG', { worker_id: 'workerId', cost_center: 'costCenter' });
export const ORG_UNIT = kind<OrgUnit>('OrgUnit', 'OU', { parent_id: 'parentId', cost_center: 'costCenter' });
export const SHIFT = kind<Shift>('Shift', 'SH', { worker_id: 'workerId', facility: 'facility', date: 'date' });
export const TIME_ENTRY = kind<TimeEntry>(
  'TimeEntry',
  'TE',
  { worker_id: 'workerId', date: 'date', cost_center: 'costCenter' },
  { many: 'TimeEntries' },
);
export const PAY_RESULT = kind<PayResult>(
  'PayResult',
  'PAY',
  { worker_id: 'workerId', period: 'period' },
  { sealed: ['gross', 'net', 'lines'] },
);
export const CREDENTIAL = kind<Credential>(
  'Credential',
  'CRED',
  { worker_id: 'workerId', kind: 'kind' },
  { sealed: ['number'] },
);
export const ONBOARDING = kind<Onboarding>('Onboarding', 'ON', { worker_id: 'workerId', state: 'state' });
export const TERMINATION = kind<Termination>('Termination', 'OFF', { worker_id: 'workerId', state: 'state' });
