/**
 * What the platform writes into its nightly extracts: CSV with a header, days as `MM/DD/YYYY`, and a last line that counts
 * the others. The words are those of its REST API, flat: of a checklist and of a payslip each part has a column.
 */
import { stringify } from 'csv-stringify/sync';
import { PAY_BANDS, type Collection } from './collections.js';
import type { Personnel } from './personnel.js';

type Row = Readonly<Record<string, unknown>>;
type Write = (row: Row) => unknown;

const as =
  (member: string): Write =>
  (row) =>
    row[member];

/** `YYYYMMDD` there. */
const dayOf =
  (member: string): Write =>
  (row) => {
    const day = row[member] as string | undefined;
    return day && `${day.slice(4, 6)}/${day.slice(6)}/${day.slice(0, 4)}`;
  };

const taskOf =
  (code: string): Write =>
  ({ tasks }) => {
    const task = (tasks as { code: string; ok: boolean }[]).find((one) => one.code === code);
    return task && (task.ok ? 'Y' : 'N');
  };

const paidAs =
  (type: string): Write =>
  ({ items = [] }) =>
    (items as { type: string; amt: string }[]).find((one) => one.type === type)?.amt;

interface Extract {
  readonly of: Collection | typeof PAY_BANDS;
  readonly columns: Readonly<Record<string, Write>>;
}

const PLACE = {
  SITE: as('site'),
  DEPT: as('dept'),
  COST_CTR: as('costCtr'),
  POST: as('post'),
  MGR_NO: as('reportsTo'),
};

/** By the name that their files begin with. */
export const EXTRACTS = {
  workers: {
    of: 'people',
    columns: {
      EMP_NO: as('employeeNo'),
      NAME: as('displayName'),
      JOB_FAM: as('jobFamily'),
      JOB_TITLE: as('jobTitle'),
      WORK_MAIL: as('workMail'),
      COMPANY: as('company'),
      ...PLACE,
      HIRED: dayOf('joinDate'),
      LAST_DAY: dayOf('lastDate'),
      STATUS: as('empStat'),
      BIRTH: dayOf('dob'),
      HOME_MAIL: as('privMail'),
      HOME_PHONE: as('privPhone'),
    },
  },
  positions: {
    of: 'posts',
    columns: {
      POST: as('ref'),
      TITLE: as('label'),
      JOB_FAM: as('jobFamily'),
      DEPT: as('dept'),
      COST_CTR: as('costCtr'),
      FTE: as('fte'),
      STATUS: as('stat'),
    },
  },
  assignments: {
    of: 'jobRecords',
    columns: {
      EMP_NO: as('employeeNo'),
      EFF_FROM: dayOf('effFrom'),
      EFF_TO: dayOf('effTo'),
      ...PLACE,
      FTE: as('fte'),
      WHY: as('why'),
    },
  },
  orgunits: {
    of: 'departments',
    columns: {
      DEPT: as('ref'),
      NAME: as('label'),
      LEVEL: as('level'),
      PARENT: as('parent'),
      COST_CTR: as('costCtr'),
      HEAD: as('head'),
    },
  },
  shifts: {
    of: 'rosters',
    columns: {
      SHIFT_NO: as('ref'),
      EMP_NO: as('employeeNo'),
      SITE: as('site'),
      WORK_DATE: dayOf('workDate'),
      HOURS: as('hrs'),
    },
  },
  time: {
    of: 'timecards',
    columns: {
      ENTRY_NO: as('ref'),
      EMP_NO: as('employeeNo'),
      WORK_DATE: dayOf('workDate'),
      HOURS: as('hrs'),
      PAY_TYPE: as('payType'),
      COST_CTR: as('costCtr'),
      SHIFT_NO: as('roster'),
      STATUS: as('stat'),
    },
  },
  pay: {
    of: 'payslips',
    columns: {
      CYCLE: as('cycle'),
      EMP_NO: as('employeeNo'),
      CYCLE_FROM: dayOf('cycleFrom'),
      CYCLE_TO: dayOf('cycleTo'),
      PAY_DATE: dayOf('payDate'),
      GROSS: as('grossAmt'),
      NET: as('netAmt'),
      SALARY: paidAs('SALARY'),
      RETIRE: paidAs('RETIRE'),
      FEDTAX: paidAs('FEDTAX'),
    },
  },
  licences: {
    of: 'licences',
    columns: {
      EMP_NO: as('employeeNo'),
      KIND: as('kind'),
      CODE: as('code'),
      BODY: as('body'),
      LIC_NO: as('licNo'),
      VALID_FROM: dayOf('validFrom'),
      VALID_TO: dayOf('validTo'),
      PRIVS: ({ privs = [] }) => (privs as string[]).join(';'),
      STATUS: as('stat'),
    },
  },
  rates: { of: PAY_BANDS, columns: { JOB_FAM: as('jobFamily'), HOURLY: as('hourly') } },
  hires: {
    of: 'hires',
    columns: {
      HIRE_NO: as('ref'),
      EMP_NO: as('employeeNo'),
      JOIN_DATE: dayOf('joinDate'),
      STAGE: as('stage'),
      CONTRACT: taskOf('CONTRACT'),
      LICENCE: taskOf('LICENCE'),
    },
  },
  separations: {
    of: 'separations',
    columns: {
      LEAVE_NO: as('ref'),
      EMP_NO: as('employeeNo'),
      LAST_DAY: dayOf('lastDate'),
      WHY: as('why'),
      CUT_OFF: as('cutOff'),
      STAGE: as('stage'),
      BADGE: taskOf('BADGE'),
      DEVICES: taskOf('DEVICES'),
    },
  },
} as const satisfies Readonly<Record<string, Extract>>;

export type ExtractName = keyof typeof EXTRACTS;
export const EXTRACT_NAMES = Object.keys(EXTRACTS) as ExtractName[];

/** A whole extract; `share` of its lines where it shrinks, with a trailer that counts just those. */
export function extractOf(personnel: Personnel, name: ExtractName, share = 1): Buffer {
  const { of, columns }: Extract = EXTRACTS[name];
  const told: readonly Row[] = typeof of === 'string' ? personnel.all(of) : of;
  const rows = told.slice(0, Math.ceil(told.length * share));
  const lines = rows.map((row) => Object.values(columns).map((write) => write(row)));
  const text = stringify([Object.keys(columns), ...lines, ['TRAILER', rows.length]], { record_delimiter: 'windows' });
  return Buffer.from(text);
}
