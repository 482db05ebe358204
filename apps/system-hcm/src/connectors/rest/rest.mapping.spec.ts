import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  fieldsOf,
  NewAssignment,
  NewCredential,
  NewOnboarding,
  NewOrgUnit,
  NewPosition,
  NewShift,
  NewTermination,
  NewTimeEntry,
  NewWorker,
} from '@concord/canonical';
import { toCanonical, toForeign, type Foreign } from './fields.js';
import { COLLECTIONS } from './rest.mapping.js';

const refused = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (problem) {
    return problem;
  }
};

type Name = keyof typeof COLLECTIONS;

/** As the platform answered, kept word for word. */
const recorded = (path: string): Foreign => {
  const text = readFileSync(join(import.meta.dirname, 'recorded', `${path}.json`), 'utf8');
  return (JSON.parse(text) as { data: Foreign[] }).data[0]!;
};

const VERSIONED = { revision: '1', changedAt: '2026-03-02T12:00:00.000Z' };
const PLACE = { facility: 'CLINIC-NORTH', orgUnit: 'D10', costCenter: 'CC-10' };

/** What each recorded answer says in canonical words, and what of it is lost: our own reference, and what nobody asks for. */
const CASES: readonly (readonly [Name, object, readonly string[]])[] = [
  [
    'workers',
    {
      ...PLACE,
      id: 'E7071',
      name: 'Yew Testworker',
      role: 'nurse',
      jobTitle: 'Registered nurse',
      email: 'yew@hr.example',
      managerId: 'E5001',
      startsOn: '2026-01-05',
      status: 'pre-hire',
      personal: {
        birthDate: '1990-01-15',
        email: 'yew@home.example',
        phone: '+1 555 0100',
        address: '1 Synthetic Road',
      },
    },
    ['clientRef', 'ref'],
  ],
  [
    'positions',
    {
      id: '7011',
      title: 'Synthetic post',
      role: 'physician',
      orgUnit: 'D10',
      costCenter: 'CC-10',
      fte: '1.00',
      status: 'filled',
    },
    [],
  ],
  ['assignments', { ...PLACE, id: '7021', workerId: 'E5001', startsOn: '2022-01-01', fte: '1.00', reason: 'hire' }, []],
  [
    'orgUnits',
    { id: 'D10', name: 'North', kind: 'department', parentId: 'D1', costCenter: 'CC-10', status: 'active' },
    [],
  ],
  ['shifts', { id: '7031', workerId: 'E5001', facility: 'CLINIC-NORTH', date: '2026-03-01', hours: 8 }, []],
  [
    'timeEntries',
    {
      id: '7041',
      workerId: 'E5001',
      date: '2026-03-01',
      hours: '8.00',
      payCode: 'regular',
      costCenter: 'CC-10',
      status: 'approved',
    },
    [],
  ],
  [
    'payResults',
    {
      id: '7051',
      workerId: 'E5001',
      period: '2026-02',
      startsOn: '2026-02-01',
      endsOn: '2026-02-28',
      paidOn: '2026-02-28',
      gross: { amount: '5000.00', currency: 'USD' },
      net: { amount: '3800.00', currency: 'USD' },
      lines: [
        { code: 'SALARY', kind: 'earning', amount: { amount: '5000.00', currency: 'USD' } },
        { code: 'RETIRE', kind: 'deduction', amount: { amount: '200.00', currency: 'USD' } },
        { code: 'FEDTAX', kind: 'tax', amount: { amount: '1000.00', currency: 'USD' } },
      ],
    },
    ['curr'],
  ],
  [
    'credentials',
    {
      id: '7061',
      workerId: 'E5001',
      kind: 'license',
      code: 'RN',
      issuer: 'Synthetic Board',
      number: 'SYN-1',
      issuedOn: '2020-01-01',
      expiresOn: '2030-12-31',
      privileges: ['MEDICATE'],
      status: 'active',
    },
    [],
  ],
  [
    'onboardings',
    {
      id: '7074',
      workerId: 'E7071',
      startsOn: '2026-01-05',
      state: 'hired',
      checklist: [
        { code: 'CONTRACT', title: 'Task CONTRACT', done: false },
        { code: 'LICENCE', title: 'Task LICENCE', done: false },
      ],
    },
    ['clientRef'],
  ],
  [
    'terminations',
    {
      id: '7075',
      workerId: 'E5003',
      lastDay: '2026-03-31',
      reason: 'retirement',
      accessEnds: 'after-last-day',
      state: 'scheduled',
      checklist: [
        { code: 'BADGE', title: 'Task BADGE', done: false },
        { code: 'DEVICES', title: 'Task DEVICES', done: false },
      ],
    },
    ['clientRef'],
  ],
];

describe('The words of the platform', () => {
  it('are known for every collection', () => {
    expect(CASES.map(([name]) => name).sort()).toEqual(Object.keys(COLLECTIONS).sort());
  });

  it.each(CASES)('are read as recorded: %s', (name, canonical) => {
    const { path, fields } = COLLECTIONS[name];
    expect(toCanonical(fields, recorded(path))).toEqual({ ...VERSIONED, ...canonical });
  });

  it.each(CASES)('are written back as they were read, but for what is lost: %s', (name, _, lost) => {
    const { path, fields } = COLLECTIONS[name];
    const entry = recorded(path);
    const again = toForeign(fields, toCanonical(fields, entry));
    expect(
      Object.keys(entry)
        .filter((member) => !(member in again))
        .sort(),
    ).toEqual([...lost].sort());
    for (const [member, value] of Object.entries(again)) expect([member, value]).toEqual([member, entry[member]]);
  });

  it('tell pay in the currency of the payslip', () => {
    const { path, fields } = COLLECTIONS.payResults;
    const paid = toCanonical(fields, { ...recorded(path), curr: 'EUR' });
    expect(paid['gross']).toEqual({ amount: '5000.00', currency: 'EUR' });
  });

  it.each([
    ['workers', 'empStat'],
    ['workers', 'jobFamily'],
    ['positions', 'stat'],
    ['assignments', 'why'],
    ['timeEntries', 'payType'],
    ['credentials', 'kind'],
    ['onboardings', 'stage'],
    ['terminations', 'cutOff'],
  ] as const)('do not drop a code that has no word, but name it: %s, %s', (name, member) => {
    const { path, fields } = COLLECTIONS[name];
    const entry = { ...recorded(path), [member]: 'X-NEW' };
    expect(refused(() => toCanonical(fields, entry))).toMatchObject({
      slug: 'upstream-rejected',
      context: { member, code: 'X-NEW' },
    });
    const hostile = { ...recorded(path), [member]: 'Testworker left, see file' };
    expect(refused(() => toCanonical(fields, hostile))).toMatchObject({ context: { member, code: 'not-a-code' } });
  });

  it('refuse a word that the platform has no code for, and a field that it has no place for', () => {
    const { fields } = COLLECTIONS.workers;
    expect(refused(() => toForeign(fields, { role: 'astronaut' }))).toMatchObject({
      slug: 'unknown-code',
      context: { member: 'jobFamily', code: 'astronaut' },
    });
    expect(refused(() => toForeign(fields, { personal: { shoeSize: '42' } }))).toMatchObject({
      slug: 'not-supported',
      context: { capability: 'personal.shoeSize' },
    });
  });

  it.each([
    ['workers', NewWorker],
    ['positions', NewPosition],
    ['assignments', NewAssignment],
    ['orgUnits', NewOrgUnit],
    ['shifts', NewShift],
    ['timeEntries', NewTimeEntry],
    ['credentials', NewCredential],
    ['onboardings', NewOnboarding],
    ['terminations', NewTermination],
  ] as const)('have a place for every field of a new one: %s', (name, shape) => {
    const places = Object.keys(COLLECTIONS[name].fields).map((path) => path.split('.')[0]!);
    const homeless = fieldsOf(shape).filter((field) => !places.includes(field.name));
    expect(homeless.map((field) => field.name)).toEqual([]);
  });

  it('take away what is null, and leave alone what is not named', () => {
    const { fields } = COLLECTIONS.workers;
    expect(toForeign(fields, { jobTitle: null, personal: { phone: null } })).toEqual({
      jobTitle: null,
      privPhone: null,
    });
    expect(toForeign(fields, { personal: null })).toEqual({
      dob: null,
      privMail: null,
      privPhone: null,
      homeAddr: null,
    });
  });
});
