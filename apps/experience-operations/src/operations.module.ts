import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { DATABASE, Transports } from '@concord/api';
import { migrate, type Database } from '@concord/database';
import { RunRegister, workflowMigrations } from '@concord/workflow';
import { AuditTrailController } from './audit-trail/audit-trail.controller.js';
import { AuditTrailVerifier } from './audit-trail/verifier.js';
import { ConnectorsController } from './connectors/connectors.controller.js';
import { CrosswalkEntriesController } from './crosswalk-entries/crosswalk-entries.controller.js';
import { ExceptionsController } from './exceptions/exceptions.controller.js';
import { Repair } from './exceptions/repair.js';
import { ProcessApis } from './process-apis.js';
import { RunsController } from './runs/runs.controller.js';
import { SummaryController } from './summary/summary.controller.js';

const register = {
  provide: RunRegister,
  inject: [DATABASE],
  useFactory: (database: Database) => new RunRegister(database),
};

const processApis = {
  provide: ProcessApis,
  inject: [Transports],
  useFactory: (transports: Transports) => new ProcessApis(transports),
};

/** Reads the run ledger itself, which is the record; what changes a run goes through the process API that owns it. */
@Module({
  controllers: [
    AuditTrailController,
    ConnectorsController,
    RunsController,
    ExceptionsController,
    CrosswalkEntriesController,
    SummaryController,
  ],
  providers: [register, processApis, Repair, AuditTrailVerifier],
})
export class OperationsModule implements OnModuleInit {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The ledger is there even where no process API has started yet. */
  async onModuleInit(): Promise<void> {
    await migrate(this.database, 'workflow', workflowMigrations);
  }
}
