import { Module } from '@nestjs/common';
import { CLOCK, configure, DATABASE, openVendor, sandboxFaultsController, type Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { EventLog, Vault } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import { bulk } from './bulk.js';
import { HcmConnector } from './connector.js';
import { CONNECTORS } from './connectors.js';
import { AssignmentsController } from './controllers/assignments.controller.js';
import { CredentialsController } from './controllers/credentials.controller.js';
import { ExtractsController } from './controllers/extracts.controller.js';
import { InboundController } from './controllers/inbound.controller.js';
import { LaborAllocationsController } from './controllers/labor-allocations.controller.js';
import { LaborRatesController } from './controllers/labor-rates.controller.js';
import { OnboardingsController } from './controllers/onboardings.controller.js';
import { OrgUnitsController } from './controllers/org-units.controller.js';
import { PayResultsController } from './controllers/pay-results.controller.js';
import { PositionsController } from './controllers/positions.controller.js';
import { ShiftsController } from './controllers/shifts.controller.js';
import { TerminationsController } from './controllers/terminations.controller.js';
import { TimeEntriesController } from './controllers/time-entries.controller.js';
import { WorkersController } from './controllers/workers.controller.js';
import { HcmConfig } from './hcm.config.js';
import { IdentityAccountsController } from './identity/identity-accounts.controller.js';
import { IdentityProvisioner } from './identity/identity.provisioner.js';
import { IdentityTarget } from './identity/identity.target.js';
import { SCIM_POLICY, ScimClient } from './identity/scim.client.js';
import { ScimConfig, ScimLimits, scimTarget } from './identity/scim.config.js';

const connector = {
  provide: HcmConnector,
  inject: [DATABASE, Vault, EventLog, CLOCK, FaultInjection],
  useFactory: (
    database: Database,
    vault: Vault,
    events: EventLog,
    clock: Clock,
    faults: FaultInjection,
  ): HcmConnector => new CONNECTORS[configure(HcmConfig).connector]({ database, vault, events, clock, faults }),
};

const identity = {
  provide: IdentityTarget,
  inject: [CLOCK],
  useFactory: (clock: Clock) => {
    const target = scimTarget(configure(ScimConfig));
    if (!target) return new IdentityTarget(undefined);
    const vendor = openVendor('scim', 'system/hcm', configure(ScimLimits), { ...SCIM_POLICY, clock });
    return new IdentityTarget(new ScimClient(target, vendor));
  },
};

const provisioner = {
  provide: IdentityProvisioner,
  inject: [DATABASE, EventLog, HcmConnector, IdentityTarget, CLOCK],
  useFactory: (database: Database, events: EventLog, hcm: HcmConnector, { scim }: IdentityTarget, clock: Clock) =>
    new IdentityProvisioner({ database, events, hcm, scim, clock }),
};

@Module({
  controllers: [
    WorkersController,
    PositionsController,
    AssignmentsController,
    OrgUnitsController,
    ShiftsController,
    TimeEntriesController,
    PayResultsController,
    CredentialsController,
    OnboardingsController,
    TerminationsController,
    LaborRatesController,
    LaborAllocationsController,
    IdentityAccountsController,
    InboundController,
    ExtractsController,
    ...bulk,
    sandboxFaultsController('hcm'),
  ],
  providers: [FaultInjection, connector, identity, provisioner],
})
export class HcmModule {}
