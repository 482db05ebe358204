import { Problem, type NewReservation, type Page, type Reservation } from '@concord/canonical';
import { Reservations } from '../../ports/receiving.port.js';
import type { ReservationQuery } from '../../queries.js';
import { checkPositive } from '../purchasing-rules.js';
import { changeAsItStands } from './as-it-stands.js';
import { referenceOf, type MadeOnce } from './made-once.js';
import { pageOfRecords } from './odata.page.js';
import type { Condition, ODataRecords } from './odata.records.js';
import { toReservation } from './reservation.mapping.js';

/** The ERP itself knows what is free, and says when what was set aside has been taken. */
export class ODataReservations extends Reservations {
  constructor(
    private readonly records: ODataRecords,
    private readonly madeOnce: MadeOnce,
  ) {
    super();
  }

  override async createReservation(key: string, reservation: NewReservation): Promise<Reservation> {
    const businessKey = referenceOf('reservation', key);
    const make = async () => {
      checkPositive(reservation.quantity, '/quantity');
      const values = { ...reservation, status: 'reserved', businessKey };
      return this.records.create('reservations', values);
    };
    return toReservation(await this.madeOnce.record(this.records, 'reservations', businessKey, make));
  }

  override async readReservation(id: string): Promise<Reservation> {
    return toReservation(await this.records.read('reservations', id));
  }

  override listReservations(query: ReservationQuery): Promise<Page<Reservation>> {
    const { item, location, reference, status } = query;
    const where: Condition[] = [
      ['item', 'eq', item],
      ['location', 'eq', location],
      ['reference', 'eq', reference],
      ['status', 'eq', status],
    ];
    return pageOfRecords(this.records, 'reservations', query, where, toReservation);
  }

  override async releaseReservation(id: string): Promise<Reservation> {
    return toReservation(
      await changeAsItStands(this.records, 'reservations', id, (record) => {
        const { status } = toReservation(record);
        if (status === 'released') return undefined;
        if (status === 'fulfilled')
          throw new Problem('conflict', 'What was taken is not released', { context: { status } });
        return { status: 'released' };
      }),
    );
  }
}
