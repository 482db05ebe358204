/**
 * How far a zone's clocks are ahead of UTC, in milliseconds, when they show `wall` (a wall-clock time, written as if it were
 * UTC). A time that occurs twice, when clocks go back, is the first; one that is skipped counts on from before the gap.
 * `zone` is an IANA name; an unknown one is a `RangeError`, for it comes from our configuration.
 */
export function offsetOf(zone: string, wall: number): number {
  if (zone === 'UTC') return 0;
  const before = offsetAt(zone, wall - DAY);
  const after = offsetAt(zone, wall + DAY);
  const fits = (offset: number): boolean => offsetAt(zone, wall - offset) === offset;
  return fits(before) || !fits(after) ? before : after;
}

const DAY = 86_400_000;

/** What the zone's clocks show at an instant, less the instant. */
function offsetAt(zone: string, instant: number): number {
  const shown: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(instant)) shown[type] = Number(value);
  const { year = 0, month = 1, day, hour, minute, second } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    const numeric = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    } as const;
    clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, calendar: 'iso8601', hourCycle: 'h23', ...numeric });
    clocks.set(zone, clock);
  }
  return clock;
}
