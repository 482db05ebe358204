import fc from 'fast-check';

import { dateOf, instantOf } from './index.js';

describe('an HL7 time', () => {
  it.each([
    ['198908181126+0215', 'UTC', '1989-08-18T09:11:00.000Z'],
    ['20240305143015.1234-0500', 'Europe/Berlin', '2024-03-05T19:30:15.123Z'],
    ['20240305143015.5', 'UTC', '2024-03-05T14:30:15.500Z'],
    ['20240305', 'UTC', '2024-03-05T00:00:00.000Z'],
    ['2024030514', 'America/Chicago', '2024-03-05T20:00:00.000Z'],
    ['20240705', 'America/Chicago', '2024-07-05T05:00:00.000Z'],
    ['202402291200', 'Asia/Kolkata', '2024-02-29T06:30:00.000Z'],
    // Clocks go back at 2:00 on 3 November: 1:30 occurs twice, and the first is meant.
    ['202411030130', 'America/Chicago', '2024-11-03T06:30:00.000Z'],
    // Clocks go forward at 2:00 on 10 March: 2:30 is skipped, and is counted on from before.
    ['202403100230', 'America/Chicago', '2024-03-10T08:30:00.000Z'],
  ])('%s told in %s is %s', (timestamp, zone, instant) => {
    expect(instantOf(timestamp, zone)).toBe(instant);
  });

  it.each([
    '',
    '2024',
    '202403',
    '20240230',
    '20241301',
    '2024030525',
    '202403051260',
    '123',
    'yesterday',
    '2024-03-05',
  ])('that reads "%s" is no moment', (timestamp) => expect(instantOf(timestamp)).toBeUndefined());

  it('is the clock of its zone on any hour of any day', () => {
    const zones = fc.constantFrom('America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
    const hours = fc.integer({ min: Date.UTC(1985, 0) / 3_600_000, max: Date.UTC(2037, 0) / 3_600_000 });
    fc.assert(
      fc.property(zones, hours, (zone, hour) => {
        const instant = new Date(hour * 3_600_000);
        const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
        const wall = shown.format(instant);
        const read = instantOf(wall.replace(/\D/g, ''), zone) ?? '';
        expect(shown.format(new Date(read))).toBe(wall);
        // Only where clocks go back are there two answers, and then ours is the earlier.
        expect([0, 1_800_000, 3_600_000]).toContain(instant.getTime() - new Date(read).getTime());
      }),
    );
  });
});

describe('an HL7 date', () => {
  it('is the date where it was told, whatever it is in UTC', () => {
    expect(dateOf('202403052330-0500')).toBe('2024-03-05');
  });

  it('keeps a birth date no more exact than it is known', () => {
    expect([dateOf('1960', true), dateOf('196002', true), dateOf('1960')]).toEqual(['1960', '1960-02', undefined]);
    expect(dateOf('19600230', true)).toBeUndefined();
  });
});
