import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { NewReservation, type Page, Reservation, pageOf } from '@concord/canonical';
import { Reservations } from './ports/receiving.port.js';
import { ReservationQuery } from './queries.js';

export const ReservationPage = pageOf(Reservation);

@Resource('reservations')
export class ReservationsController {
  constructor(private readonly reservations: Reservations) {}

  @Endpoint('POST', {
    scope: 'erp/reservation.write',
    summary: 'Set stock aside',
    status: 201,
    location: 'reservations',
    answer: Reservation,
  })
  createReservation(@BusinessKey() key: string, @Body() reservation: NewReservation): Promise<Reservation> {
    return this.reservations.createReservation(key, reservation);
  }

  @Endpoint('GET :id', { scope: 'erp/reservation.read', summary: 'Read a reservation', answer: Reservation })
  readReservation(@Param('id') id: string): Promise<Reservation> {
    return this.reservations.readReservation(id);
  }

  @Endpoint('GET', {
    scope: 'erp/reservation.read',
    summary: 'List reservations by item, location and purpose',
    answer: ReservationPage,
  })
  listReservations(@Query() query: ReservationQuery): Promise<Page<Reservation>> {
    return this.reservations.listReservations(query);
  }

  @Endpoint('POST :id/release', {
    scope: 'erp/reservation.write',
    summary: 'Release what was set aside',
    answer: Reservation,
  })
  releaseReservation(@Param('id') id: string): Promise<Reservation> {
    return this.reservations.releaseReservation(id);
  }
}
