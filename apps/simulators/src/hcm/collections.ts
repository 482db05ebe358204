/** The words of the platform: its collections, and what they begin with. Dates are `YYYYMMDD`, moments epoch milliseconds. */
export type Entry = Record<string, unknown> & { ref: string; ver: number; touched: number; clientRef?: string };

export const COLLECTIONS = [
  'people',
  'posts',
  'jobRecords',
  'departments',
  'rosters',
  'timecards',
  'payslips',
  'licences',
  'hires',
  'separations',
] as const;
export type Collection = (typeof COLLECTIONS)[number];

export const SITES = ['CLINIC-NORTH', 'CLINIC-EAST'];

export const PAY_BANDS = [
  { jobFamily: 'RN', hourly: '52.00', curr: 'USD' },
  { jobFamily: 'OTH', hourly: '28.00', curr: 'USD' },
  { jobFamily: 'MD', hourly: '128.00', curr: 'USD' },
  { jobFamily: 'TECH', hourly: '34.00', curr: 'USD' },
  { jobFamily: 'THER', hourly: '46.00', curr: 'USD' },
];

const TREES = [
  'Acacia',
  'Balsa',
  'Camphor',
  'Durian',
  'Elmleaf',
  'Feijoa',
  'Guava',
  'Hornbeam',
  'Ironwood',
  'Jacaranda',
];
const FAMILIES = ['MD', 'RN', 'RN', 'TECH', 'THER', 'OTH'];

type Seed = Record<string, unknown>;

/** Ten people named after trees, and all that belongs to them. */
export function seeds(): Readonly<Record<Collection, readonly Seed[]>> {
  const people = TREES.map((tree, i) => ({
    employeeNo: `E${5001 + i}`,
    displayName: `${tree} Testworker`,
    jobFamily: FAMILIES[i % FAMILIES.length]!,
    jobTitle: 'Synthetic',
    workMail: `${tree.toLowerCase()}.testworker@hr.example`,
    company: 'LSH',
    site: SITES[i % 2],
    dept: `D${10 + (i % 2)}`,
    costCtr: `CC-${10 + (i % 2)}`,
    post: undefined as string | undefined,
    reportsTo: i < 2 ? undefined : `E${5001 + (i % 2)}`,
    joinDate: '20220101',
    empStat: 'A',
    dob: '19800115',
  }));
  const each = <T>(make: (person: (typeof people)[number], i: number) => T): T[] => people.map(make);
  return {
    people,
    departments: [
      { ref: 'D1', label: 'Synthetic Health', level: 'COMPANY', stat: 'A' },
      { ref: 'D10', label: 'North', level: 'DEPT', parent: 'D1', costCtr: 'CC-10', stat: 'A' },
      { ref: 'D11', label: 'East', level: 'DEPT', parent: 'D1', costCtr: 'CC-11', stat: 'A' },
    ],
    posts: each(({ jobFamily, dept, costCtr }) => {
      return { label: 'Synthetic post', jobFamily, dept, costCtr, fte: '1.00', stat: 'FILLED' };
    }),
    jobRecords: each(({ employeeNo, site, dept, costCtr, reportsTo }) => {
      return { employeeNo, site, dept, costCtr, reportsTo, effFrom: '20220101', fte: '1.00', why: 'HIR' };
    }),
    rosters: each(({ employeeNo, site }, i) => ({ employeeNo, site, workDate: `2026030${1 + (i % 3)}`, hrs: 8 })),
    timecards: each(({ employeeNo, costCtr }) => {
      return { employeeNo, workDate: '20260301', hrs: '8.00', payType: 'REG', costCtr, stat: 'A' };
    }),
    payslips: each(({ employeeNo }) => {
      const spans = { cycle: '2026-02', cycleFrom: '20260201', cycleTo: '20260228', payDate: '20260228' };
      const items = [
        { type: 'SALARY', sort: 'E', amt: '5000.00' },
        { type: 'RETIRE', sort: 'D', amt: '200.00' },
        { type: 'FEDTAX', sort: 'T', amt: '1000.00' },
      ];
      return { employeeNo, ...spans, grossAmt: '5000.00', netAmt: '3800.00', curr: 'USD', items };
    }),
    licences: each(({ employeeNo }) => {
      const known = { kind: 'LIC', code: 'RN', body: 'Synthetic Board', licNo: 'SYN-1', privs: ['MEDICATE'] };
      return { employeeNo, ...known, validFrom: '20200101', validTo: '20301231', stat: 'A' };
    }),
    hires: [],
    separations: [],
  };
}
