import { Problem, type NewReservation, type Page, type Reservation } from '@concord/canonical';
import type { Database } from '@concord/database';
import { Decimal } from 'decimal.js';
import { sql } from 'kysely';
import { Reservations } from '../../ports/receiving.port.js';
import type { ReservationQuery } from '../../queries.js';
import type { Documents } from './documents.store.js';
import { checkPositive, unknown } from '../purchasing-rules.js';
import type { KeptValuation, Stock } from './stock.js';

export class SandboxReservations extends Reservations {
  constructor(
    private readonly reservations: Documents<Reservation>,
    private readonly stock: Stock,
  ) {
    super();
  }

  override createReservation(businessKey: string, reservation: NewReservation): Promise<Reservation> {
    return this.reservations.once(businessKey, async (tx) => {
      const { item, location, quantity, unit } = reservation;
      checkPositive(quantity, '/quantity');
      const place = await this.place(tx, item, location);
      if (place.unit !== unit) throw unknown('The item is not counted in this unit', { item, unit });
      const free = new Decimal(place.quantity).minus(await this.setAside(tx, item, location));
      if (free.lessThan(quantity)) {
        const context = { item, location, available: free.toFixed() };
        throw new Problem('insufficient-stock', 'Less is there than is to be set aside', { context });
      }
      return { ...reservation, status: 'reserved' };
    });
  }

  override readReservation(id: string): Promise<Reservation> {
    return this.reservations.read(id);
  }

  override listReservations(query: ReservationQuery): Promise<Page<Reservation>> {
    const { item, location, reference, status } = query;
    return this.reservations.list(query, { item, location, reference, status });
  }

  override releaseReservation(id: string): Promise<Reservation> {
    return this.reservations.change(id, '*', (reservation) => {
      const { status } = reservation;
      if (status === 'released') return reservation;
      if (status === 'fulfilled')
        throw new Problem('conflict', 'What was taken is not released', { context: { status } });
      return { ...reservation, status: 'released' };
    });
  }

  private async place(tx: Database, item: string, location: string): Promise<KeptValuation> {
    try {
      return await this.stock.held(tx, item, location);
    } catch (error) {
      if (!(error instanceof Problem && error.slug === 'not-found')) throw error;
      throw unknown('The item does not lie at this location', { item, location });
    }
  }

  private async setAside(tx: Database, item: string, location: string): Promise<string> {
    const like = JSON.stringify({ item, location, status: 'reserved' });
    const { rows } = await sql<{ quantity: string }>`
      select coalesce(sum((body ->> 'quantity')::numeric), 0) as quantity from sandbox_erp.document
      where kind = 'reservation' and body @> ${like}::jsonb`.execute(tx);
    return rows[0]!.quantity;
  }
}
