import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { CLOCK, clientOf, configure, DATABASE, Transports, type Clock } from '@concord/api';
import { migrate, type Database } from '@concord/database';
import { Crosswalks, masterDataMigrations } from '@concord/master-data';
import { repairControllers, Schedules, takeUpFallbacks, WorkflowRuntime } from '@concord/workflow';
import { Billing } from './billing.js';
import { CrosswalkEntriesController } from './crosswalk-entries.controller.js';
import { encounterToFinance } from './encounter-to-finance.workflow.js';
import { EncountersController } from './encounters.controller.js';
import { PriceEstimatesController } from './price-estimates.controller.js';
import { messageToEhr } from './message-to-ehr.workflow.js';
import { LastTold, lastToldMigrations } from './reference/last-told.js';
import { MasterDataConfig } from './reference/master-data.config.js';
import { MasterData } from './reference/master-data.js';
import { seedEntries } from './reference/seed.js';
import { resendBy, systemsBy, type Systems } from './services.js';

const NAME = 'patient-to-billing';
const SYSTEMS = Symbol('systems');

const toSystem = (transports: Transports) => {
  const client = clientOf({ layer: 'process', name: NAME });
  return (api: string) => transports.to(api, client);
};

@Module({
  controllers: [EncountersController, PriceEstimatesController, CrosswalkEntriesController, ...repairControllers(NAME)],
  providers: [
    {
      provide: SYSTEMS,
      inject: [Transports],
      useFactory: (transports: Transports) => systemsBy(toSystem(transports)),
    },
    { provide: Crosswalks, inject: [DATABASE], useFactory: (database: Database) => new Crosswalks(database) },
    {
      provide: MasterData,
      inject: [Crosswalks, SYSTEMS, DATABASE, CLOCK],
      useFactory: (crosswalks: Crosswalks, systems: Systems, database: Database, clock: Clock) =>
        new MasterData(crosswalks, systems, new LastTold(database, clock), clock, configure(MasterDataConfig)),
    },
    {
      provide: Billing,
      inject: [SYSTEMS, MasterData, Crosswalks, CLOCK],
      useFactory: (systems: Systems, masterData: MasterData, crosswalks: Crosswalks, clock: Clock) =>
        new Billing(systems, masterData, crosswalks, clock),
    },
  ],
})
export class PatientToBillingModule implements OnModuleInit {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(SYSTEMS) private readonly systems: Systems,
    private readonly crosswalks: Crosswalks,
    private readonly masterData: MasterData,
    private readonly transports: Transports,
    private readonly runtime: WorkflowRuntime,
    private readonly schedules: Schedules,
  ) {}

  async onModuleInit(): Promise<void> {
    await migrate(this.database, 'master-data', masterDataMigrations);
    await migrate(this.database, NAME, lastToldMigrations);
    await this.crosswalks.seed(seedEntries());
    this.runtime.deploy({
      definition: encounterToFinance.definition,
      services: { ...this.systems, lookUp: this.masterData.lookUp.bind(this.masterData) },
      resend: resendBy(toSystem(this.transports)),
    });
    this.runtime.deploy({
      definition: messageToEhr.definition,
      services: this.systems,
      resend: resendBy(toSystem(this.transports)),
    });
    const { name } = encounterToFinance.definition;
    const everyMs = configure(MasterDataConfig).trueUpSeconds * 1000;
    this.schedules.schedule(`${NAME}:true-up`, { everyMs }, async () => {
      if ((await takeUpFallbacks(this.database, name)) > 0) this.runtime.notice(name);
    });
  }
}
