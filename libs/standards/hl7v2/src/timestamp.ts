import { offsetOf } from './zone.js';

/**
 * HL7 times (TS, DTM: `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`, HL7 2.5.1 §2.A.22). Both readers answer `undefined` for
 * what is not such a time, or is no day of the calendar.
 */
const TIMESTAMP =
  /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,4}))?)?)?)?)?)?(?:([+-])(\d\d)(\d\d))?$/;

const MINUTE = 60_000;

/** `YYYYMMDDHHMMSS.SSSS+ZZZZ` */
const LONGEST = 24;

/**
 * The moment in UTC, as ISO 8601. A time without an offset is told in `zone`; a date alone is the midnight it begins with
 * there. A year or month alone is no moment.
 */
export function instantOf(timestamp: string | undefined, zone = 'UTC'): string | undefined {
  if (timestamp === undefined || timestamp.length > LONGEST) return undefined;
  const name = `${timestamp} ${zone}`;
  if (recent.has(name)) return recent.get(name);
  if (recent.size >= MOST_RECENT) recent.clear();
  const instant = readInstant(timestamp, zone);
  recent.set(name, instant);
  return instant;
}

/** A message says the same moment in several places, and the messages of one minute say much the same. */
const recent = new Map<string, string | undefined>();
const MOST_RECENT = 1000;

function readInstant(timestamp: string, zone: string): string | undefined {
  const parts = TIMESTAMP.exec(timestamp);
  if (!parts?.[3]) return undefined;
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', sign, offsetHours, offsetMinutes] = parts;
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  // 60 is a leap second, and rolls over.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0').slice(0, 3)),
  );
  const offset =
    sign === undefined
      ? offsetOf(zone, wall)
      : (Number(offsetHours) * 60 + Number(offsetMinutes)) * MINUTE * (sign === '-' ? -1 : 1);
  return new Date(wall - offset).toISOString();
}

/**
 * The calendar date as it was written, `YYYY-MM-DD`: a birth date, a date of service. It is the date where it was told, and is
 * not moved to UTC. A year or month alone keeps its precision only with `partial`: `YYYY` or `YYYY-MM`.
 */
export function dateOf(timestamp: string | undefined, partial = false): string | undefined {
  const parts = timestamp === undefined ? null : TIMESTAMP.exec(timestamp);
  if (!parts) return undefined;
  const [, year, month, day] = parts;
  if (!isDay(Number(year), Number(month ?? 1), Number(day ?? 1)) || (day === undefined && !partial)) return undefined;
  return [year, month, day].filter((part) => part !== undefined).join('-');
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
