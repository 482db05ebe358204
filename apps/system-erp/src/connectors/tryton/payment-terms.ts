/** Payment terms of Tryton as days until an invoice is due. */
import { Turns } from '@concord/resilience';
import type { TrytonRecords } from '@concord/tryton';
import { Held } from './held.js';

const TERM = 'account.invoice.payment_term';

/** What of a term says how long it is. */
export const DELTA_FIELDS = ['days', 'weeks', 'months'].map((unit) => `lines.relativedeltas.${unit}`);

interface WireDelta {
  readonly days: number | null;
  readonly weeks: number | null;
  readonly months: number | null;
}

export interface WireTerm {
  readonly 'lines.': readonly { readonly 'relativedeltas.': readonly WireDelta[] }[];
}

/** A month counts as thirty days: the port knows days only. */
const DAYS = { weeks: 7, months: 30 } as const;

/** The latest day of one that is paid in parts. */
export function daysOf(term: WireTerm): number {
  const deltas = term['lines.'].flatMap((line) => line['relativedeltas.']);
  const days = deltas.map(({ days, weeks, months }) => {
    return (days ?? 0) + (weeks ?? 0) * DAYS.weeks + (months ?? 0) * DAYS.months;
  });
  return Math.max(0, ...days);
}

export class PaymentTerms {
  private readonly turns = new Turns('tryton payment terms');
  private readonly held = new Held<number>();

  constructor(private readonly tryton: TrytonRecords) {}

  /** The term of ours that is so many days; made where it is not there. */
  idFor(days: number): Promise<number> {
    return this.turns.take([String(days)], async () => {
      const name = `Net ${days}`;
      const found = await this.held.get(name, async () => {
        const terms = await this.tryton.find<WireTerm>(TERM, [['name', '=', name]], DELTA_FIELDS);
        return terms.find((term) => daysOf(term) === days)?.id;
      });
      if (found !== undefined) return found;
      const line = { type: 'remainder', relativedeltas: [['create', [{ days }]]] };
      const [made = 0] = await this.tryton.create(TERM, [{ name, lines: [['create', [line]]] }]);
      return made;
    });
  }
}
