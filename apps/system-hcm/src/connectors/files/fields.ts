/** What a file can tell of each kind of resource: the canonical fields, and what stands in a cell for each. */
import {
  Assignment,
  Credential,
  CREDENTIAL_KIND,
  CREDENTIAL_STATUS,
  fieldsOf,
  LaborRate,
  Onboarding,
  ONBOARDING_STATE,
  ORG_UNIT_KIND,
  OrgUnit,
  PAY_CODE,
  PayResult,
  Position,
  POSITION_STATUS,
  PRACTITIONER_ROLE,
  Shift,
  Termination,
  TERMINATION_STATE,
  TimeEntry,
  Worker,
  WORKER_STATUS,
  type Shape,
} from '@concord/canonical';
import * as record from '../record/kind.js';
import {
  amount,
  choice,
  code,
  codes,
  count,
  day,
  decimal,
  formatted,
  payLine,
  task,
  text,
  type Cell,
  type Writing,
} from './cell.js';
import { LABOR_RATE } from './labor-rates.js';

export interface Told {
  readonly kind: record.Kind<record.Versioned>;
  /** By the canonical name; what is nested is named with a dot. */
  readonly fields: Readonly<Record<string, Cell>>;
  /** Those without which there is no such resource. */
  readonly required: readonly string[];
  /** Lists that are empty where no cell says anything. */
  readonly lists: readonly string[];
}

/** A list of which each column tells one part: what a column has to say of its part, and in which words. */
export const PARTS: Readonly<Record<string, Partial<Record<keyof Writing, Cell>>>> = {
  checklist: { item: code, title: text() },
  lines: { item: code, sort: choice(['earning', 'deduction', 'tax', 'employer-cost']) },
};

const mail = formatted(/^[^\s@<>"]{1,64}@[A-Za-z0-9.-]{1,190}$/, 'mail address');
const role = choice(PRACTITIONER_ROLE);
const place = { facility: code, orgUnit: code, costCenter: code, positionId: code, managerId: code };

/** Given by the file's name, its columns and the record, not by a column of theirs. */
const OURS = new Set(['id', 'revision', 'changedAt']);

const told = <T extends record.Versioned>(
  kind: record.Kind<T>,
  shape: Shape,
  fields: Told['fields'],
  lists: readonly string[] = [],
): Told => ({
  kind: kind as unknown as Told['kind'],
  fields,
  lists,
  required: fieldsOf(shape)
    .filter(({ name, optional }) => !optional && !OURS.has(name) && !lists.includes(name))
    .map(({ name }) => name),
});

export const TOLD = {
  worker: told(record.WORKER, Worker, {
    ...place,
    name: text(),
    role,
    jobTitle: text(),
    email: mail,
    legalEntity: code,
    startsOn: day,
    lastDay: day,
    status: choice(WORKER_STATUS),
    'personal.birthDate': day,
    'personal.email': mail,
    'personal.phone': text(40),
    'personal.address': text(),
  }),
  position: told(record.POSITION, Position, {
    title: text(),
    role,
    orgUnit: code,
    costCenter: code,
    fte: decimal,
    status: choice(POSITION_STATUS),
  }),
  assignment: told(record.ASSIGNMENT, Assignment, {
    ...place,
    workerId: code,
    startsOn: day,
    endsOn: day,
    fte: decimal,
    reason: choice(['hire', 'move', 'return']),
  }),
  'org-unit': told(record.ORG_UNIT, OrgUnit, {
    name: text(),
    kind: choice(ORG_UNIT_KIND),
    parentId: code,
    costCenter: code,
    managerId: code,
    status: choice(['active', 'inactive']),
  }),
  shift: told(record.SHIFT, Shift, { workerId: code, facility: code, date: day, hours: count(24) }),
  'time-entry': told(record.TIME_ENTRY, TimeEntry, {
    workerId: code,
    date: day,
    hours: decimal,
    payCode: choice(PAY_CODE),
    costCenter: code,
    shiftId: code,
    status: choice(['entered', 'approved', 'rejected']),
  }),
  'pay-result': told(record.PAY_RESULT, PayResult, {
    workerId: code,
    period: code,
    startsOn: day,
    endsOn: day,
    paidOn: day,
    gross: amount,
    net: amount,
    lines: payLine,
  }),
  credential: told(
    record.CREDENTIAL,
    Credential,
    {
      workerId: code,
      kind: choice(CREDENTIAL_KIND),
      code,
      issuer: text(),
      number: text(60),
      issuedOn: day,
      expiresOn: day,
      privileges: codes,
      status: choice(CREDENTIAL_STATUS),
    },
    ['privileges'],
  ),
  onboarding: told(
    record.ONBOARDING,
    Onboarding,
    { workerId: code, startsOn: day, state: choice(ONBOARDING_STATE), checklist: task },
    ['checklist'],
  ),
  termination: told(
    record.TERMINATION,
    Termination,
    {
      workerId: code,
      lastDay: day,
      reason: choice(['voluntary', 'involuntary', 'retirement', 'end-of-contract']),
      accessEnds: choice(['after-last-day', 'at-once']),
      state: choice(TERMINATION_STATE),
      checklist: task,
    },
    ['checklist'],
  ),
  'labor-rate': told(LABOR_RATE, LaborRate, { role, hourlyCost: amount }),
} as const satisfies Readonly<Record<string, Told>>;

export type ToldKind = keyof typeof TOLD;
export const TOLD_KINDS = Object.keys(TOLD) as ToldKind[];
