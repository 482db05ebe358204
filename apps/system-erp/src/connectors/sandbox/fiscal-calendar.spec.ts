import { FiscalCalendar } from './fiscal-calendar.js';
import type { PeriodOverride } from './ledger-structure.store.js';

const calendarOn = (today: string, overrides = new Map<string, PeriodOverride>()) =>
  new FiscalCalendar(overrides, () => new Date(`${today}T12:00:00Z`));

test.each([
  ['2026-11-21', '2026-11-21', 'open'],
  ['2026-10-01', '2026-11-21', 'open'],
  ['2026-09-30', '2026-11-21', 'closed'], // ended 52 days before
  ['2026-10-31', '2026-12-10', 'open'], // ended 40 days before
  ['2026-10-31', '2026-12-11', 'closed'], // ended 41 days before
  ['2026-12-31', '2026-11-21', 'open'],
  ['2027-01-01', '2026-11-21', 'closed'],
  ['2027-01-31', '2026-12-01', 'open'],
  ['1987-06-05', '2026-11-21', 'closed'],
])('the period of %s is, on %s, %s', (day, today, status) => {
  expect(calendarOn(today).periodOf('LSH', day).status).toBe(status);
});

test('a period is a calendar month', () => {
  const period = calendarOn('2028-02-10').periodOf('LSH', '2028-02-10');
  expect(period).toEqual({
    id: 'LSH:2028-02',
    code: '2028-02',
    legalEntity: 'LSH',
    startsOn: '2028-02-01',
    endsOn: '2028-02-29',
    status: 'open',
    revision: 'open-0',
    changedAt: '2028-01-01T00:00:00.000Z',
  });
});

const closed = { status: 'closed', version: 1, changedAt: '2026-11-20T10:00:00.000Z' } as const;

test('a row may close the month of one legal entity', () => {
  const calendar = calendarOn('2026-11-21', new Map([['LSP:2026-11', closed]]));
  expect(calendar.periodOf('LSP', '2026-11-21').status).toBe('closed');
  expect(calendar.periodOf('LSH', '2026-11-21').status).toBe('open');
});

test('the calendar shows three years', () => {
  const codes = calendarOn('2026-11-21')
    .periodsOf('LSH')
    .map(({ code }) => code);
  expect([codes.length, codes[0], codes.at(-1)]).toEqual([36, '2025-01', '2027-12']);
});
