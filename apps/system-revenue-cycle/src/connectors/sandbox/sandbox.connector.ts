import type { OnModuleInit } from '@nestjs/common';
import type { Clock } from '@concord/api';
import {
  DEFAULT_PAGE_SIZE,
  Problem,
  toPage,
  type ChargeItem,
  type Claim,
  type ClaimVoid,
  type NewClaim,
  type Page,
  type PageQuery,
  type Payer,
} from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import type { FaultInjection } from '@concord/resilience';
import { RevenueCycleConnector } from '../../connector.js';
import { startOfCodes } from '../../page-start.js';
import type { ChargeItemQuery, ClaimQuery } from '../../queries.js';
import { worthOf } from './claim-rules.js';
import { ClaimStore } from './claim.store.js';
import { NO_CONTRACTS, readContracts } from './contracts.js';
import { migrations } from './migrations.js';
import { seed } from './seed.js';

/** A revenue cycle platform inside our own Postgres: strict as a real one, and failing on demand. */
export class SandboxConnector extends RevenueCycleConnector implements OnModuleInit {
  private readonly claims: ClaimStore;
  private contracts = NO_CONTRACTS;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly faults: FaultInjection,
  ) {
    super();
    this.claims = new ClaimStore(database);
  }

  async onModuleInit(): Promise<void> {
    await migrate(this.database, 'sandbox-revenue-cycle', migrations);
    await seed(this.database);
    this.contracts = await readContracts(this.database);
  }

  readChargeItem(code: string): Promise<ChargeItem> {
    return this.faults.around('readChargeItem', async () => {
      return this.contracts.chargeItems.get(code) ?? missing('charge code');
    });
  }

  listChargeItems({ service_line, ...query }: ChargeItemQuery): Promise<Page<ChargeItem>> {
    return this.faults.around('listChargeItems', async () => {
      const items = [...this.contracts.chargeItems.values()];
      return pageByCode(service_line ? items.filter((item) => item.serviceLine === service_line) : items, query);
    });
  }

  readPayer(code: string): Promise<Payer> {
    return this.faults.around('readPayer', async () => this.contracts.payers.get(code) ?? missing('payer'));
  }

  listPayers(query: PageQuery): Promise<Page<Payer>> {
    return this.faults.around('listPayers', async () => pageByCode([...this.contracts.payers.values()], query));
  }

  createClaim(businessKey: string, claim: NewClaim): Promise<Claim> {
    return this.faults.around('createClaim', () => this.raise(businessKey, claim));
  }

  readClaim(id: string): Promise<Claim> {
    return this.faults.around('readClaim', async () => (await this.claims.read(id)) ?? missing('claim'));
  }

  listClaims(query: ClaimQuery): Promise<Page<Claim>> {
    return this.faults.around('listClaims', () => this.claims.list(query));
  }

  voidClaim(businessKey: string, id: string, { reason }: ClaimVoid): Promise<Claim> {
    return this.faults.around('voidClaim', async () => {
      const voided = await this.claims.void(businessKey, id, reason);
      if (voided) return voided;
      const { number } = (await this.claims.read(id)) ?? missing('claim');
      throw new Problem('conflict', 'The claim is void already', { context: { claim: number } });
    });
  }

  /** A live claim that was voided between the two looks leaves the place free: then once more. */
  private async raise(businessKey: string, claim: NewClaim): Promise<Claim> {
    const raised = await this.claims.add(businessKey, claim, worthOf(claim, this.contracts), this.clock());
    const known = raised ?? (await this.claims.ofBusinessKey(businessKey));
    if (known) return known;
    const live = await this.claims.liveOf(claim.encounterId);
    if (!live) return this.raise(businessKey, claim);
    const context = { encounter: claim.encounterId, claim: live.number };
    throw new Problem('conflict', 'The encounter has a claim that is not void', { context });
  }
}

function missing(what: string): never {
  throw new Problem('not-found', `There is no such ${what}`);
}

/** A page of entries that are in the order of their codes. */
function pageByCode<T extends { code: string }>(entries: readonly T[], query: PageQuery): Page<T> {
  const size = query.page_size ?? DEFAULT_PAGE_SIZE;
  const after = startOfCodes(query.page_token) ?? '';
  const rows = entries.filter(({ code }) => code > after).slice(0, size + 1);
  return toPage(
    rows,
    size,
    ({ code }) => code,
    (entry) => entry,
  );
}
