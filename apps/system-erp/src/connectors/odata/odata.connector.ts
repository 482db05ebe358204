/** An ERP behind an OData v4 service, whose names its profile says. What the profile has no words for is left out. */
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { configure, openVendor, type Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { ChangeAttempts, Turns } from '@concord/resilience';
import { ErpConnector } from '../../connector.js';
import { repeatableChanges } from '../repeatable-changes.js';
import { MadeOnce } from './made-once.js';
import { ODataClient } from './odata.client.js';
import { checkConfig, ODataErpLimits, type ODataErpConfig } from './odata.config.js';
import { odataPorts, type ODataPorts } from './odata.ports.js';
import { ODataRecords } from './odata.records.js';
import { ProfileFault } from './profile.js';
import { PROFILES } from './profiles/profiles.js';

/** With all repetitions; an API waits no longer for its connector. */
const LONGEST_MS = 25_000;

export class ODataConnector extends ErpConnector implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  override readonly ports: ODataPorts;
  private readonly log = new Logger('odata');
  private readonly client: ODataClient;
  private readonly records: ODataRecords;
  private readonly attempts: ChangeAttempts | undefined;

  /** @param database where all processes that write to the service take turns, and which changes were begun is kept */
  constructor(
    config: ODataErpConfig,
    clock: Clock,
    database?: Database,
    limits = configure(ODataErpLimits),
    profile = PROFILES[config.profile],
  ) {
    super();
    checkConfig(config);
    // A call may take its time, that of a new token, and that of the same call with it.
    const vendor = openVendor('odata-erp', 'system/erp', limits, {
      timeoutMs: 3 * config.timeoutMs,
      deadlineMs: LONGEST_MS,
      clock,
    });
    this.client = new ODataClient(config, profile.refusals, vendor, limits.callsAtOnce);
    this.records = new ODataRecords(this.client, profile);
    const once = new MadeOnce(new Turns('odata-erp', database));
    this.attempts = database && new ChangeAttempts(database, 'erp', 'odata');
    const ports = odataPorts(this.records, profile, once, clock);
    this.ports = this.attempts ? repeatableChanges(ports, this.attempts) : ports;
  }

  /** Refuses to start where the service lacks what the profile names. One that is only down does not hold others up. */
  async onModuleInit(): Promise<void> {
    await this.attempts?.migrate();
    try {
      await this.records.check();
    } catch (error) {
      if (error instanceof ProfileFault) throw error;
      this.log.warn('The OData service of the ERP does not answer yet; it is looked at again when it is asked');
    }
  }

  onApplicationBootstrap(): void {
    this.client.watch();
  }

  async onModuleDestroy(): Promise<void> {
    await this.client.close();
  }
}
