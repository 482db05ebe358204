import { Module } from '@nestjs/common';
import { CLOCK, configure, DATABASE, sandboxFaultsController, type Clock } from '@concord/api';
import { AuditTrail } from '@concord/audit';
import type { Database } from '@concord/database';
import { EventLog, Vault } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import { EhrConnector } from './connector.js';
import { CONNECTORS } from './connectors.js';
import { EhrConfig, knownTimeZone } from './ehr.config.js';
import { EncountersController } from './encounters.controller.js';
import { Hl7MessagesController } from './hl7v2.messages.controller.js';
import { Hl7Reception } from './hl7v2.reception.js';
import { InboundController } from './inbound.controller.js';
import { MllpListener } from './mllp.listener.js';
import { PatientsController } from './patients.controller.js';
import { PractitionersController } from './practitioners.controller.js';
import { AppointmentsController } from './appointments.controller.js';
import { BedsController } from './beds.controller.js';
import { ChargesController } from './charges.controller.js';
import { LocationsController } from './locations.controller.js';
import { OrdersController } from './orders.controller.js';
import { PractitionerRolesController } from './practitioner-roles.controller.js';
import { ProceduresController } from './procedures.controller.js';
import { SchedulesController } from './schedules.controller.js';
import { SlotsController } from './slots.controller.js';
import { SupplyUsesController } from './supply-uses.controller.js';

const connector = {
  provide: EhrConnector,
  inject: [DATABASE, Vault, EventLog, CLOCK, FaultInjection],
  useFactory: (
    database: Database,
    vault: Vault,
    events: EventLog,
    clock: Clock,
    faults: FaultInjection,
  ): EhrConnector => CONNECTORS[configure(EhrConfig).connector]({ database, vault, events, clock, faults }),
};

const reception = {
  provide: Hl7Reception,
  inject: [EhrConnector],
  useFactory: (ehr: EhrConnector) => new Hl7Reception(ehr, knownTimeZone(configure(EhrConfig).hl7TimeZone)),
};

const mllp = {
  provide: MllpListener,
  inject: [Hl7Reception, AuditTrail],
  useFactory: (hl7: Hl7Reception, audit: AuditTrail) => {
    const { mllpHost: host, mllpPort: port } = configure(EhrConfig);
    return new MllpListener(hl7, audit, { host, port });
  },
};

@Module({
  controllers: [
    InboundController,
    Hl7MessagesController,
    EncountersController,
    PatientsController,
    PractitionersController,
    AppointmentsController,
    BedsController,
    ChargesController,
    LocationsController,
    OrdersController,
    PractitionerRolesController,
    ProceduresController,
    SchedulesController,
    SlotsController,
    SupplyUsesController,
    sandboxFaultsController('ehr'),
  ],
  providers: [FaultInjection, connector, reception, mllp],
})
export class EhrModule {}
