import { minus, money, type LaborAllocation, type NewLaborAllocation } from '@concord/canonical';
import { Decimal } from 'decimal.js';

/** The same hours and cost with the sign turned, on another day. */
export const reversalOf = ({ reference, facility, lines }: LaborAllocation, date: string): NewLaborAllocation => ({
  reference,
  facility,
  date,
  lines: lines.map((line) => ({
    ...line,
    hours: new Decimal(0).minus(line.hours).toFixed(),
    cost: minus(money(0, line.cost.currency), line.cost),
  })),
});
