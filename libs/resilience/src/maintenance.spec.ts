import fc from 'fast-check';
import { Maintenance } from './maintenance.js';

const until = (windows: string, at: string) => Maintenance.of(windows).until(new Date(at))?.toISOString();

test('a window is kept by the clock of its place', () => {
  const windows = 'Sun 02:00-04:00 America/New_York';
  expect(until(windows, '2026-11-22T06:59:59Z')).toBeUndefined();
  expect(until(windows, '2026-11-22T07:00:00Z')).toBe('2026-11-22T09:00:00.000Z');
  expect(until(windows, '2026-11-22T08:59:59Z')).toBe('2026-11-22T09:00:00.000Z');
  expect(until(windows, '2026-11-22T09:00:00Z')).toBeUndefined();
  expect(until(windows, '2026-07-05T06:30:00Z')).toBe('2026-07-05T08:00:00.000Z');
});

test('a window may last over midnight, and end with another one', () => {
  const windows = 'Sat 23:30-01:00 Europe/Berlin; daily 00:45-02:00 Europe/Berlin';
  expect(until(windows, '2026-01-10T22:30:00Z')).toBe('2026-01-11T00:00:00.000Z');
  expect(until(windows, '2026-01-10T23:50:00Z')).toBe('2026-01-11T01:00:00.000Z');
});

test('where the clock is put forward, the window ends when the wall says so', () => {
  // 2026-03-08, New York: 02:00 EST is 03:00 EDT.
  expect(until('Sun 01:30-04:00 America/New_York', '2026-03-08T06:30:00Z')).toBe('2026-03-08T08:00:00.000Z');
  expect(until('Sun 01:30-02:30 America/New_York', '2026-03-08T06:45:00Z')).toBe('2026-03-08T07:30:00.000Z');
  expect(until('Sun 02:00-03:00 America/New_York', '2026-03-08T07:00:00Z')).toBeUndefined();
});

test('where the clock is put back, the repeated hour counts twice', () => {
  // 2026-11-01, New York: 02:00 EDT is 01:00 EST.
  expect(until('Sun 01:00-01:30 America/New_York', '2026-11-01T05:15:00Z')).toBe('2026-11-01T05:30:00.000Z');
  expect(until('Sun 01:00-01:30 America/New_York', '2026-11-01T06:15:00Z')).toBe('2026-11-01T06:30:00.000Z');
  expect(until('Sun 00:30-03:00 America/New_York', '2026-11-01T05:15:00Z')).toBe('2026-11-01T08:00:00.000Z');
});

test('what cannot be read is named', () => {
  expect(() => Maintenance.of('Sunday 2-4')).toThrow('"Sunday 2-4" is no window such as');
  expect(() => Maintenance.of('Sun 02:00-04:00 Mars/Olympus')).toThrow('there is no time zone Mars/Olympus');
  expect(() => Maintenance.of('Sun 02:00-02:00 UTC')).toThrow('lasts no time at all');
});

test('whatever the window and the day: it is open up to its end, and then no longer', () => {
  const clock = fc.tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 }));
  const text = ([hour, minute]: readonly [number, number]) =>
    `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  const zones = fc.constantFrom('America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'UTC', 'Asia/Kathmandu');
  const days = fc.constantFrom('daily', 'Sun', 'Sat');
  const minutes = fc.integer({ min: 0, max: 525_599 });
  fc.assert(
    fc.property(clock, clock, zones, days, minutes, (from, to, zone, day, minute) => {
      fc.pre(text(from) !== text(to));
      const windows = Maintenance.of(`${day} ${text(from)}-${text(to)} ${zone}`);
      const at = Date.UTC(2026, 0, 1) + minute * 60_000;
      const end = windows.until(new Date(at))?.getTime();
      if (end === undefined) return;
      expect(end).toBeGreaterThan(at);
      expect(end - at).toBeLessThanOrEqual(25 * 3_600_000);
      expect(windows.until(new Date(end))).toBeUndefined();
      const between = at + Math.floor((end - at) / 2);
      expect(windows.until(new Date(between))).toBeDefined();
    }),
    { numRuns: 1500 },
  );
});
