/** What receipts, transfers and adjustments have in common: each is booked once, and taken back by another of its kind. */
import { money, type Money } from '@concord/canonical';

interface Booked {
  readonly id: string;
  readonly number: string;
  readonly status: 'booked' | 'reversed';
  readonly value: Money;
  readonly reverses?: string;
  readonly reversedBy?: string;
  readonly bookedAt: string;
  readonly changedAt: string;
}

/** One as it is booked; its number is given by the booking. */
export type BookingOf<Kind extends Booked> = Omit<Kind, 'id' | 'number' | 'status' | 'reversedBy' | 'changedAt'> & {
  readonly businessKey: string;
  /** Why it was taken back, in words. */
  readonly reversalReason?: string | undefined;
};

/** The columns that all three tables have, and those of the booking that takes a row back. */
export interface BookedRow {
  number: string;
  value: string;
  currency: string;
  reverses: string | null;
  booked_at: Date;
  reversed_by: string | null;
  reversed_at: Date | null;
}

export const bookedOf = (row: BookedRow) => ({
  id: row.number,
  number: row.number,
  status: row.reversed_by ? ('reversed' as const) : ('booked' as const),
  value: money(row.value, row.currency),
  reverses: row.reverses ?? undefined,
  reversedBy: row.reversed_by ?? undefined,
  bookedAt: row.booked_at.toISOString(),
  changedAt: (row.reversed_at ?? row.booked_at).toISOString(),
});
