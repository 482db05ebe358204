/** How often something is done: so many milliseconds apart, or at the minutes that five fields of cron name, in UTC. */
export type Rhythm = { readonly everyMs: number } | string;

/** Minute, hour, day of the month, month, day of the week (0 is Sunday): the least and the greatest value. */
const FIELDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/** The 29th of February may be eight years away. */
const DAYS_AHEAD = 8 * 366;
const DAY_MS = 24 * 3_600_000;

/**
 * The next moment of a rhythm after another one. Cron's fields take `*`, lists, ranges and steps: `0 6 * * 1-5` is six
 * o'clock on working days. Where both days are named, either will do, as in crontab(5). Throws where there is no moment.
 */
export function nextMoment(rhythm: Rhythm, after: Date): Date {
  if (typeof rhythm !== 'string') return new Date(after.getTime() + rhythm.everyMs);
  const [minutes, hours, ...days] = fieldsOf(rhythm);
  const midnight = Date.UTC(after.getUTCFullYear(), after.getUTCMonth(), after.getUTCDate());
  for (let day = 0; day <= DAYS_AHEAD; day += 1) {
    const date = new Date(midnight + day * DAY_MS);
    if (!isDayOf(days, date)) continue;
    for (const hour of hours!.values) {
      for (const minute of minutes!.values) {
        const moment = date.getTime() + (hour * 60 + minute) * 60_000;
        if (moment > after.getTime()) return new Date(moment);
      }
    }
  }
  throw new Error(`${rhythm} names a moment that never comes`);
}

interface Field {
  readonly values: readonly number[];
  readonly isAny: boolean;
}

function fieldsOf(cron: string): Field[] {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) throw new Error(`${cron} does not have the five fields of cron`);
  return parts.map((part, i) => {
    const [least, greatest] = FIELDS[i]!;
    const values = new Set(part.split(',').flatMap((item) => valuesOf(item, least, greatest, cron)));
    return { values: [...values].sort((a, b) => a - b), isAny: part.startsWith('*') };
  });
}

/** `*`, `5`, `1-5`, each with a step: `1-5/2`. */
function valuesOf(item: string, least: number, greatest: number, cron: string): number[] {
  const [, any, from, to, step] = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(item) ?? [];
  const first = any ? least : Number(from);
  const last = any || (step && !to) ? greatest : Number(to ?? from);
  if (!(first >= least && last <= greatest && first <= last && step !== '0')) {
    throw new Error(`${cron} is not a rhythm of cron: ${item} does not lie between ${least} and ${greatest}`);
  }
  const width = Number(step ?? 1);
  return Array.from({ length: Math.floor((last - first) / width) + 1 }, (_, i) => first + i * width);
}

function isDayOf([day, month, weekday]: readonly Field[], date: Date): boolean {
  if (!month!.values.includes(date.getUTCMonth() + 1)) return false;
  const isDay = day!.values.includes(date.getUTCDate());
  const isWeekday = weekday!.values.includes(date.getUTCDay());
  return day!.isAny || weekday!.isAny ? isDay && isWeekday : isDay || isWeekday;
}
