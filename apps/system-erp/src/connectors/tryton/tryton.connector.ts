/** The books in Tryton. What it has no module for here is left out, and refused as `not-supported`. */
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '@concord/api';
import { TrytonRecords, trytonClient, type TrytonConfig } from '@concord/tryton';
import { ErpConnector, type ErpPorts } from '../../connector.js';
import { TrytonJournal } from './journal.js';
import { TrytonLedgerStructure } from './ledger-structure.js';
import { BindingFault, StructureCache } from './structure.js';
import { bindingOf, type TrytonErpConfig } from './tryton-erp.config.js';

export class TrytonConnector extends ErpConnector implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  override readonly ports;
  private readonly log = new Logger('tryton');
  private readonly tryton: TrytonRecords;
  private readonly structure: StructureCache;

  constructor(config: TrytonConfig, erpConfig: TrytonErpConfig, clock: Clock) {
    super();
    const binding = bindingOf(erpConfig);
    this.tryton = new TrytonRecords(trytonClient(config, 'system/erp'));
    this.structure = new StructureCache(this.tryton, binding, () => performance.now());
    this.ports = {
      structure: new TrytonLedgerStructure(this.tryton, this.structure),
      journal: new TrytonJournal(this.tryton, this.structure, binding.accounts, clock),
    } satisfies Partial<ErpPorts>;
  }

  /** Refuses to start where Tryton lacks what the settings name. Where it is only down, the APIs beside it are not held up. */
  async onModuleInit(): Promise<void> {
    try {
      await this.structure.refresh();
    } catch (error) {
      if (error instanceof BindingFault) throw error;
      this.log.warn('Tryton does not answer yet; its books are read when it does');
    }
  }

  onApplicationBootstrap(): void {
    this.tryton.client.watch();
  }

  async onModuleDestroy(): Promise<void> {
    await this.tryton.client.close();
  }
}
