import { Module } from '@nestjs/common';
import { CLOCK, configure, DATABASE, sandboxFaultsController, type Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { FaultInjection } from '@concord/resilience';
import { HcmConnector } from './connector.js';
import { SandboxConnector } from './connectors/sandbox/sandbox.connector.js';
import { HcmConfig } from './hcm.config.js';
import { LaborAllocationsController } from './labor-allocations.controller.js';
import { LaborRatesController } from './labor-rates.controller.js';
import { ShiftsController } from './shifts.controller.js';
import { WorkersController } from './workers.controller.js';

const CONNECTORS = { sandbox: SandboxConnector };

const connector = {
  provide: HcmConnector,
  inject: [DATABASE, CLOCK, FaultInjection],
  useFactory: (database: Database, clock: Clock, faults: FaultInjection): HcmConnector =>
    new CONNECTORS[configure(HcmConfig).connector](database, clock, faults),
};

@Module({
  controllers: [
    WorkersController,
    ShiftsController,
    LaborRatesController,
    LaborAllocationsController,
    sandboxFaultsController('hcm'),
  ],
  providers: [FaultInjection, connector],
})
export class HcmModule {}
