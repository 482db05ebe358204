/** Companies, accounts, analytic accounts and periods of Tryton as legal entities, accounts, cost centers and periods. */
import type { Account, CostCenter, FiscalPeriod } from '@concord/canonical';
import { changedAtOf, fromWireDay, type Stamped, type WireDay } from '@concord/tryton';
import { noteWith, wordsIn } from './note.js';

export interface WireAccountType {
  readonly id: number;
  readonly name: string;
  readonly parent: number | null;
  readonly statement: string | null;
  readonly assets: boolean;
  readonly revenue: boolean;
  readonly expense: boolean;
  /** What is owed to suppliers stands in its accounts. */
  readonly payable: boolean;
  /** Its accounts may be debited by a supplier's invoice, beside those of expenses. */
  readonly debt: boolean;
}

export interface WirePeriod extends Stamped {
  readonly id: number;
  readonly start_date: WireDay;
  readonly end_date: WireDay;
  readonly state: 'open' | 'close' | 'locked';
}

/** What an account is, by the type it has in Tryton; undefined for what stands in neither balance sheet nor income statement. */
export function kindOf(
  type: WireAccountType,
  types: ReadonlyMap<number, WireAccountType>,
  equityType: string,
): Account['kind'] | undefined {
  if (type.expense) return 'expense';
  if (type.revenue || type.statement === 'income') return 'revenue';
  if (type.statement !== 'balance') return undefined;
  if (type.assets) return 'asset';
  for (let above: WireAccountType | undefined = type; above; above = types.get(above.parent ?? 0)) {
    if (above.name === equityType) return 'equity';
  }
  return 'liability';
}

/** A month of the books; `locked` takes no postings either, and for good. */
export function periodOf(legalEntity: string, period: WirePeriod): FiscalPeriod {
  const startsOn = fromWireDay(period.start_date);
  const code = startsOn.slice(0, 7);
  return {
    id: `${legalEntity}:${code}`,
    code,
    legalEntity,
    startsOn,
    endsOn: fromWireDay(period.end_date),
    status: period.state === 'open' ? 'open' : 'closed',
    revision: period._timestamp,
    changedAt: changedAtOf(period),
  };
}

type Dimensions = Pick<CostCenter, 'facility' | 'region' | 'serviceLine' | 'physicianGroup'>;

const WORDS = {
  facility: 'Facility',
  region: 'Region',
  serviceLine: 'Service line',
  physicianGroup: 'Physician group',
} as const satisfies Record<keyof Dimensions, string>;

/** The note of an analytic account: Tryton has no fields for dimensions. */
export const noteOf = (center: Dimensions): string =>
  noteWith(
    null,
    Object.fromEntries(Object.entries(WORDS).map(([field, word]) => [word, center[field as keyof Dimensions]])),
  );

/** Undefined where the note does not say facility, region and service line. */
export function dimensionsOf(note: string | null): Dimensions | undefined {
  const said = wordsIn(note);
  const [facility, region, serviceLine] = [
    said.get(WORDS.facility),
    said.get(WORDS.region),
    said.get(WORDS.serviceLine),
  ];
  if (!facility || !region || !serviceLine) return undefined;
  return { facility, region, serviceLine, physicianGroup: said.get(WORDS.physicianGroup) };
}
