/**
 * When a system behind is not to be called, as its owner announces it: weekly windows in the time of its own place,
 * `Sun 02:00-04:00 America/New_York; daily 23:30-00:15 Europe/Berlin`. A window goes by the clock on the wall: it moves
 * with daylight saving, falls away where its hour is skipped, and happens twice where its hour is repeated.
 */
interface Window {
  /** 0 is Sunday; every day where nothing is said. */
  readonly day: number | undefined;
  /** Minutes after midnight on the wall; the end may lie on the next day. */
  readonly from: number;
  readonly minutes: number;
  readonly wall: Wall;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MINUTE_MS = 60_000;
const DAY = 24 * 60;
const WEEK = 7 * DAY;
const FORM = /^(daily|Sun|Mon|Tue|Wed|Thu|Fri|Sat) ([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d) (\S+)$/;

export class Maintenance {
  private constructor(private readonly windows: readonly Window[]) {}

  /** Throws with the window that cannot be read. */
  static of(text: string): Maintenance {
    const parts = text.split(';').map((part) => part.trim());
    return new Maintenance(parts.filter(Boolean).map(windowOf));
  }

  /** The end of the window that `at` lies in; of several, the last. Undefined outside of all. */
  until(at: Date): Date | undefined {
    if (!this.windows.length) return undefined;
    const ends = this.windows.flatMap((window) => endOf(window, at.getTime()) ?? []);
    return ends.length ? new Date(Math.max(...ends)) : undefined;
  }
}

function windowOf(text: string): Window {
  const [, day, fromHour, fromMinute, toHour, toMinute, zone] = FORM.exec(text) ?? [];
  const wrong = `"${text}" is no window such as "Sun 02:00-04:00 America/New_York"`;
  if (day === undefined) throw new Error(wrong);
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  const minutes = (to - from + DAY) % DAY;
  if (minutes === 0) throw new Error(`"${text}" lasts no time at all`);
  try {
    return { day: day === 'daily' ? undefined : DAYS.indexOf(day), from, minutes, wall: new Wall(zone!) };
  } catch {
    throw new Error(`${wrong}: there is no time zone ${zone}`);
  }
}

function endOf({ day, from, minutes, wall }: Window, at: number): number | undefined {
  const local = wall.at(at);
  const minuteOfWeek = new Date(local).getUTCDay() * DAY + Math.floor((local % (DAY * MINUTE_MS)) / MINUTE_MS);
  const cycle = day === undefined ? DAY : WEEK;
  const since = (minuteOfWeek - ((day ?? 0) * DAY + from) + WEEK) % cycle;
  if (since >= minutes) return undefined;
  const end = Math.floor(local / MINUTE_MS) * MINUTE_MS + (minutes - since) * MINUTE_MS;
  return wall.instantOf(end, at);
}

/** The clock on the wall of a place; its readings are kept as if they were UTC. */
class Wall {
  private readonly format: Intl.DateTimeFormat;

  constructor(zone: string) {
    const numeric = 'numeric';
    const parts = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric } as const;
    this.format = new Intl.DateTimeFormat('en-US', { ...parts, second: numeric, hourCycle: 'h23', timeZone: zone });
  }

  at(instant: number): number {
    const parts = this.format.formatToParts(instant).map(({ type, value }) => [type, Number(value)] as const);
    const { year, month, day, hour, minute, second } = Object.fromEntries(parts) as Record<string, number>;
    return Date.UTC(year!, month! - 1, day, hour, minute, second);
  }

  /**
   * The first moment after `from` at which the wall shows a reading, or, where that is skipped, something later. Where the
   * clock is put between the two, both ways that it may stand are tried.
   */
  instantOf(reading: number, from: number): number {
    const offsets = [this.offsetAt(from), this.offsetAt(reading - this.offsetAt(from))];
    const moments = offsets.map((offset) => reading - offset).filter((moment) => moment > from);
    const exact = moments.filter((moment) => this.at(moment) === reading);
    return exact.length ? Math.min(...exact) : Math.min(...moments.filter((moment) => this.at(moment) > reading));
  }

  private offsetAt(instant: number): number {
    return this.at(instant) - Math.floor(instant / 1000) * 1000;
  }
}
