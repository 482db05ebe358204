/** The platform's words for ours: one field a line. */
import { money, type PayLine } from '@concord/canonical';
import { coded, dated, mapped, told, type Fields } from './fields.js';

/** Job families. */
export const ROLES = { physician: 'MD', nurse: 'RN', technician: 'TECH', therapist: 'THER', other: 'OTH' };

/** What every entry carries. */
const VERSIONED: Fields = {
  id: told('ref'), // the platform's own number
  revision: mapped(
    'ver',
    (ver: number) => String(ver),
    (revision: string) => Number(revision),
  ), // counts changes
  changedAt: mapped(
    'touched', // epoch milliseconds
    (touched: number) => new Date(touched).toISOString(),
    (changedAt: string) => Date.parse(changedAt),
  ),
};

const PLACE: Fields = {
  facility: told('site'), // site code
  orgUnit: told('dept'), // department
  costCenter: told('costCtr'), // cost centre
  positionId: told('post'), // post on the establishment
  managerId: told('reportsTo'), // employee number of the superior
};

const TASKS = mapped(
  'tasks', // checklist
  (tasks: { code: string; label: string; ok: boolean }[]) =>
    tasks.map(({ code, label, ok }) => ({ code, title: label, done: ok })),
  (checklist: { code: string; title: string; done: boolean }[]) =>
    checklist.map(({ code, title, done }) => ({ code, label: title, ok: done })),
);

const WORKER: Fields = {
  ...VERSIONED,
  ...PLACE,
  id: told('employeeNo'), // the number on the badge
  name: told('displayName'), // name as he is called
  role: coded('jobFamily', ROLES), // job family
  jobTitle: told('jobTitle'), // job title
  email: told('workMail'), // e-mail at work
  legalEntity: told('company'), // employing company
  startsOn: dated('joinDate'), // date of joining
  lastDay: dated('lastDate'), // last day worked
  status: coded('empStat', { 'pre-hire': 'P', active: 'A', 'on-leave': 'L', terminated: 'T' }), // employment status
  'personal.birthDate': dated('dob'), // date of birth
  'personal.email': told('privMail'), // private e-mail
  'personal.phone': told('privPhone'), // private telephone
  'personal.address': told('homeAddr'), // home address
};

const POSITION: Fields = {
  ...VERSIONED,
  title: told('label'), // label of the post
  role: coded('jobFamily', ROLES), // job family
  orgUnit: told('dept'), // department
  costCenter: told('costCtr'), // cost centre
  fte: told('fte'), // full-time equivalents
  status: coded('stat', { open: 'OPEN', filled: 'FILLED', frozen: 'FROZEN', closed: 'CLOSED' }), // status of the post
};

const ASSIGNMENT: Fields = {
  ...VERSIONED,
  ...PLACE,
  workerId: told('employeeNo'), // employee number
  startsOn: dated('effFrom'), // effective from
  endsOn: dated('effTo'), // effective to
  fte: told('fte'), // full-time equivalents
  reason: coded('why', { hire: 'HIR', move: 'XFR', return: 'REH' }), // reason of the record
};

const ORG_UNIT: Fields = {
  ...VERSIONED,
  name: told('label'), // label of the department
  kind: coded('level', { 'legal-entity': 'COMPANY', division: 'DIV', department: 'DEPT', unit: 'UNIT' }), // level
  parentId: told('parent'), // department above
  costCenter: told('costCtr'), // cost centre
  managerId: told('head'), // employee number of its head
  status: coded('stat', { active: 'A', inactive: 'I' }), // status
};

const SHIFT: Fields = {
  ...VERSIONED,
  workerId: told('employeeNo'), // employee number
  facility: told('site'), // site code
  date: dated('workDate'), // date of work
  hours: told('hrs'), // hours planned
};

const PAY_TYPES = { regular: 'REG', overtime: 'OT', 'on-call': 'ONC', 'paid-leave': 'PTO', 'unpaid-leave': 'LWOP' };

const TIME_ENTRY: Fields = {
  ...VERSIONED,
  workerId: told('employeeNo'), // employee number
  date: dated('workDate'), // date of work
  hours: told('hrs'), // hours worked
  payCode: coded('payType', PAY_TYPES), // pay type
  costCenter: told('costCtr'), // cost centre
  shiftId: told('roster'), // roster entry
  status: coded('stat', { entered: 'E', approved: 'A', rejected: 'R' }), // status
};

/** In the currency that the entry names. */
const amount = (foreign: string) =>
  mapped(
    foreign,
    (value: string, { curr }) => money(value, String(curr)), // currency of the payslip
    ({ amount: value }: { amount: string }) => value,
  );

interface PayItem {
  readonly type: string;
  readonly sort: string;
  readonly amt: string;
}

const PAY_SORT = coded('sort', { earning: 'E', deduction: 'D', tax: 'T', 'employer-cost': 'C' }); // sort of the item

const PAY_LINES = mapped(
  'items', // items of the payslip: wage type, sort, amount
  (items: PayItem[], { curr }) =>
    items.map(({ type: code, sort, amt }) => {
      return { code, kind: PAY_SORT.read(sort as never, {}), amount: money(amt, String(curr)) };
    }),
  (lines: PayLine[]) =>
    lines.map(({ code: type, kind, amount: { amount: amt } }) => ({ type, sort: PAY_SORT.write(kind as never), amt })),
);

const PAY_RESULT: Fields = {
  ...VERSIONED,
  workerId: told('employeeNo'), // employee number
  period: told('cycle'), // pay cycle
  startsOn: dated('cycleFrom'), // first day of the cycle
  endsOn: dated('cycleTo'), // last day of the cycle
  paidOn: dated('payDate'), // day of payment
  gross: amount('grossAmt'), // gross amount
  net: amount('netAmt'), // net amount
  lines: PAY_LINES,
};

const CREDENTIAL: Fields = {
  ...VERSIONED,
  workerId: told('employeeNo'), // employee number
  kind: coded('kind', { license: 'LIC', 'board-certification': 'BRD', training: 'TRN' }), // kind
  code: told('code'), // code of the licence
  issuer: told('body'), // issuing body
  number: told('licNo'), // licence number
  issuedOn: dated('validFrom'), // valid from
  expiresOn: dated('validTo'), // valid to
  privileges: told('privs'), // privileges
  status: coded('stat', { active: 'A', suspended: 'S', revoked: 'R' }), // status
};

const ONBOARDING: Fields = {
  ...VERSIONED,
  workerId: told('employeeNo'), // employee number
  startsOn: dated('joinDate'), // date of joining
  state: coded('stage', { hired: 'NEW', provisioned: 'ACCOUNT', active: 'DONE', cancelled: 'VOID' }), // stage
  checklist: TASKS,
};

const TERMINATION: Fields = {
  ...VERSIONED,
  workerId: told('employeeNo'), // employee number
  lastDay: dated('lastDate'), // last day worked
  reason: coded('why', { voluntary: 'RES', involuntary: 'DIS', retirement: 'RET', 'end-of-contract': 'EOC' }), // why
  accessEnds: coded('cutOff', { 'after-last-day': 'EOD', 'at-once': 'NOW' }), // when access is cut off
  state: coded('stage', { scheduled: 'PLANNED', ended: 'LEFT', deprovisioned: 'CLOSED', cancelled: 'VOID' }), // stage
  checklist: TASKS,
};

/** Each collection with its fields. */
export const COLLECTIONS = {
  workers: { path: 'people', fields: WORKER },
  positions: { path: 'posts', fields: POSITION },
  assignments: { path: 'jobRecords', fields: ASSIGNMENT },
  orgUnits: { path: 'departments', fields: ORG_UNIT },
  shifts: { path: 'rosters', fields: SHIFT },
  timeEntries: { path: 'timecards', fields: TIME_ENTRY },
  payResults: { path: 'payslips', fields: PAY_RESULT },
  credentials: { path: 'licences', fields: CREDENTIAL },
  onboardings: { path: 'hires', fields: ONBOARDING },
  terminations: { path: 'separations', fields: TERMINATION },
} as const;
