import { instantOf, isDateTime } from './index.js';

describe('a FHIR dateTime', () => {
  it.each(['2024', '2024-02', '2024-02-29', '2024-02-29T10:00:00Z', '2024-02-29T10:00:00.123456+05:30'])(
    'may be %s',
    (value) => expect(isDateTime(value)).toBe(true),
  );

  it.each([
    '',
    '24',
    '2024-13',
    '2023-02-29',
    '2024-04-31',
    '2024-02-29T10:00Z',
    '2024-02-29T10:00:00',
    '2024-02-29T25:00:00Z',
    '20240229',
  ])('cannot be "%s"', (value) => expect(isDateTime(value)).toBe(false));

  it('is a moment in UTC only with a time', () => {
    expect(instantOf('2024-03-05T14:30:00-05:00')).toBe('2024-03-05T19:30:00.000Z');
    expect([instantOf('2024-03-05'), instantOf('soon'), instantOf(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
