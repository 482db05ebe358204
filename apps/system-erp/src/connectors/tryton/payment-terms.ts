/** Payment terms of Tryton as days until an invoice is due. */
import { Turns } from '@concord/resilience';
import type { TrytonRecords } from '@concord/tryton';

const TERM = 'account.invoice.payment_term';

interface WireDelta {
  readonly 'line.': { readonly payment: number; readonly type: string };
  readonly days: number;
  readonly weeks: number;
  readonly months: number;
}

/** A month counts as thirty days: the port knows days only. */
const DAYS = { weeks: 7, months: 30 } as const;

export class PaymentTerms {
  private readonly turns = new Turns('tryton payment terms');

  constructor(private readonly tryton: TrytonRecords) {}

  /** By id of the term; the latest day of one that is paid in parts. */
  async daysOf(ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const deltas = await this.tryton.all<WireDelta>(
      `${TERM}.line.delta`,
      [['line.payment', 'in', [...new Set(ids)]]],
      ['line.payment', 'line.type', 'days', 'weeks', 'months'],
    );
    const days = new Map<number, number>();
    for (const { 'line.': line, ...delta } of deltas) {
      const own = (delta.days || 0) + (delta.weeks || 0) * DAYS.weeks + (delta.months || 0) * DAYS.months;
      days.set(line.payment, Math.max(own, days.get(line.payment) ?? 0));
    }
    return days;
  }

  /** The term of ours that is so many days; made where it is not there. */
  idFor(days: number): Promise<number> {
    return this.turns.take([String(days)], async () => {
      const name = `Net ${days}`;
      const found = await this.tryton.find(TERM, [['name', '=', name]], ['name']);
      const known = await this.daysOf(found.map(({ id }) => id));
      const fitting = found.find(({ id }) => (known.get(id) ?? 0) === days);
      if (fitting) return fitting.id;
      const line = { type: 'remainder', relativedeltas: [['create', [{ days }]]] };
      const [made = 0] = await this.tryton.create(TERM, [{ name, lines: [['create', [line]]] }]);
      return made;
    });
  }
}
