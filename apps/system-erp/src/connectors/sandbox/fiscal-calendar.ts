/**
 * The periods of the books are calendar months. A month closes 40 days after its last day and opens a month ahead; a row
 * of the ledger structure may say otherwise for one legal entity.
 */
import type { FiscalPeriod } from '@concord/canonical';
import type { Clock } from '@concord/api';
import type { PeriodOverride } from './ledger-structure.store.js';

const DAYS_TO_CLOSE = 40;
const DAY_MS = 86_400_000;

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The month of a day or of a period code: `2026-11-21` and `2026-11` are both in November 2026. */
export function monthOf(day: string): Pick<FiscalPeriod, 'code' | 'startsOn' | 'endsOn'> {
  const code = day.slice(0, 7);
  const [year = 0, month = 0] = code.split('-').map(Number);
  return { code, startsOn: `${code}-01`, endsOn: dayOf(Date.UTC(year, month, 0)) };
}

export class FiscalCalendar {
  constructor(
    private readonly overrides: ReadonlyMap<string, PeriodOverride>,
    private readonly clock: Clock,
  ) {}

  /** Today, in UTC. */
  today(): string {
    return dayOf(this.clock().getTime());
  }

  /** The period of a legal entity that holds the day. */
  periodOf(legalEntity: string, day: string): FiscalPeriod {
    const month = monthOf(day);
    const id = `${legalEntity}:${month.code}`;
    const decided = this.overrides.get(id);
    const { status, changedAt } = decided ?? this.byItself(month);
    return { id, ...month, legalEntity, status, revision: `${status}-${decided?.version ?? 0}`, changedAt };
  }

  /** The periods of last year, this year and next year, oldest first. */
  periodsOf(legalEntity: string): FiscalPeriod[] {
    const year = this.clock().getUTCFullYear();
    return Array.from({ length: 36 }, (_, index) => dayOf(Date.UTC(year - 1, index, 1))).map((day) =>
      this.periodOf(legalEntity, day),
    );
  }

  /** What a period is where nobody decided, and since when. */
  private byItself({ startsOn, endsOn }: ReturnType<typeof monthOf>): Pick<FiscalPeriod, 'status' | 'changedAt'> {
    const now = this.clock().toISOString();
    const [year = 0, month = 1] = startsOn.split('-').map(Number);
    const opens = new Date(Date.UTC(year, month - 2, 1)).toISOString();
    const closes = new Date(Date.parse(endsOn) + (DAYS_TO_CLOSE + 1) * DAY_MS).toISOString();
    if (now >= closes) return { status: 'closed', changedAt: closes };
    if (now >= opens) return { status: 'open', changedAt: opens };
    return { status: 'closed', changedAt: new Date(Date.UTC(year - 2, 0, 1)).toISOString() };
  }
}
