const DATE_TIME = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?)?)?$/;

/** Whether a string is a FHIR dateTime (FHIR R4 §2.24.0.1): a year, a month, a day, or a moment with its offset. */
export function isDateTime(value: string): boolean {
  const parts = DATE_TIME.exec(value);
  if (!parts) return false;
  const [, year, month = '01', day = '01', time = ''] = parts;
  if (Number(day) > 28 && Number(day) > daysIn(Number(year), Number(month))) return false;
  return Number(month) <= 12 && !Number.isNaN(Date.parse(time === '' ? `${year}-${month}-${day}` : value));
}

/** The moment in UTC, as ISO 8601; `undefined` for a date without a time, which is no moment. */
export function instantOf(dateTime: string | undefined): string | undefined {
  if (dateTime === undefined || !dateTime.includes('T') || !isDateTime(dateTime)) return undefined;
  return new Date(dateTime).toISOString();
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
