import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Appointment, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { AppointmentQuery } from './queries.js';

export const AppointmentPage = pageOf(Appointment);

@Resource('appointments')
export class AppointmentsController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', { scope: 'ehr/appointment.read', summary: 'Read an appointment', answer: Appointment })
  readAppointment(@Param('id') id: string): Promise<Appointment> {
    return this.ehr.read('appointment', id);
  }

  @Endpoint('GET', {
    scope: 'ehr/appointment.read',
    summary: 'List appointments by time, practitioner, place, patient, status and change',
    answer: AppointmentPage,
  })
  listAppointments(@Query() query: AppointmentQuery): Promise<Page<Appointment>> {
    return this.ehr.list('appointment', query);
  }
}
