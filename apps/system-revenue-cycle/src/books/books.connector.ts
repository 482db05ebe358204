import type { OnModuleInit } from '@nestjs/common';
import type { Clock } from '@concord/api';
import {
  mergePatch,
  NewCoverage,
  Problem,
  type AccountCharge,
  type AdjustmentBatch,
  type AdjustmentBatchReport,
  type ChargeItem,
  type Claim,
  type ClaimAdjustment,
  type ClaimStatus,
  type ClaimVoid,
  type Coverage,
  type CoverageChange,
  type CoverageReference,
  type Denial,
  type NewAccountCharge,
  type NewClaim,
  type NewClaimAdjustment,
  type NewRemittance,
  type Page,
  type PageQuery,
  type PatientBalance,
  type Payer,
  type PayerRule,
  type ReceivedFile,
  type ReceivedFileFault,
  type Remittance,
  type UnmatchedPayment,
} from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import type { EventLog, Vault } from '@concord/events';
import type { FaultInjection } from '@concord/resilience';
import { RevenueCycleConnector } from '../connector.js';
import type * as Queries from '../queries.js';
import { AccountCharges, chargeOf } from './account-charges.js';
import { adjustmentOf, Adjustments } from './adjustments.js';
import { balancesOf } from './balances.js';
import { worthOf } from './claim-rules.js';
import { ClaimStore } from './claim.store.js';
import * as contractLists from './contract-lists.js';
import { NO_CONTRACTS, readContracts } from './contracts.js';
import { refuseUnbalanced } from './coordination.js';
import { coverageOf, Coverages, referenceOf } from './coverages.js';
import { DocumentStore, type Document } from './document.store.js';
import { migrations } from './migrations.js';
import { ReceivedFiles, type HeldFile } from './received-files.js';
import { remittanceOf, RemittancePosting } from './remittance.posting.js';
import { seed } from './seed.js';

export interface Surroundings {
  readonly database: Database;
  readonly vault: Vault;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly faults: FaultInjection;
}

/** The accounts of a revenue cycle in our own Postgres: strict as a real platform, and failing on demand. */
export class BooksConnector extends RevenueCycleConnector implements OnModuleInit {
  protected readonly claims: ClaimStore;
  protected readonly coverages: Coverages;
  protected readonly posting: RemittancePosting;
  protected readonly adjusting: Adjustments;
  protected readonly receivedFiles: ReceivedFiles;
  protected contracts = NO_CONTRACTS;
  private readonly charges = new AccountCharges();

  constructor(protected readonly around: Surroundings) {
    super();
    this.claims = new ClaimStore(around.database);
    this.coverages = new Coverages(around.vault);
    this.posting = new RemittancePosting(this.claims, around.events);
    this.receivedFiles = new ReceivedFiles(around.vault);
    this.adjusting = new Adjustments(this.claims, this.posting.settlements);
  }

  async onModuleInit(): Promise<void> {
    await migrate(this.database, 'sandbox-revenue-cycle', migrations);
    await seed(this.database, this.around.clock());
    this.contracts = await readContracts(this.database);
  }

  readChargeItem(code: string): Promise<ChargeItem> {
    return this.asked('readChargeItem', async () => this.contracts.chargeItems.get(code) ?? missing('charge code'));
  }

  listChargeItems(query: Queries.ChargeItemQuery): Promise<Page<ChargeItem>> {
    return this.asked('listChargeItems', async () => contractLists.listChargeItems(this.contracts, query));
  }

  readPayer(code: string): Promise<Payer> {
    return this.asked('readPayer', async () => this.contracts.payers.get(code) ?? missing('payer'));
  }

  listPayers(query: Queries.PayerQuery): Promise<Page<Payer>> {
    return this.asked('listPayers', async () => contractLists.listPayers(this.contracts, query));
  }

  listPayerRules(query: Queries.PayerRuleQuery): Promise<Page<PayerRule>> {
    return this.asked('listPayerRules', async () => contractLists.listPayerRules(this.contracts, query));
  }

  createAccountCharge(businessKey: string, charge: NewAccountCharge): Promise<AccountCharge> {
    return this.written('createAccountCharge', (tx) =>
      this.charges.post(tx, businessKey, charge, this.contracts, this.around.clock()),
    );
  }

  readAccountCharge(id: string): Promise<AccountCharge> {
    return this.asked('readAccountCharge', async () =>
      chargeOf((await this.charges.documents.read(this.database, id)) ?? missing('charge')),
    );
  }

  listAccountCharges(query: Queries.AccountChargeQuery): Promise<Page<AccountCharge>> {
    return this.listed('listAccountCharges', this.charges.documents, query, chargeOf);
  }

  creditAccountCharge(_businessKey: string, id: string): Promise<AccountCharge> {
    return this.written(
      'creditAccountCharge',
      async (tx) => (await this.charges.credit(tx, id, this.around.clock())) ?? missing('charge'),
    );
  }

  createCoverage(businessKey: string, coverage: NewCoverage): Promise<CoverageReference> {
    return this.written('createCoverage', async (tx) => {
      this.knowPayer(coverage.payer);
      return referenceOf(await this.coverages.add(tx, businessKey, coverage, this.around.clock()));
    });
  }

  readCoverage(id: string): Promise<Coverage> {
    return this.asked('readCoverage', async () => {
      const known = (await this.coverages.documents.read(this.database, id)) ?? missing('coverage');
      return coverageOf(known, this.around.vault);
    });
  }

  listCoverages(query: Queries.CoverageQuery): Promise<Page<Coverage>> {
    return this.listed('listCoverages', this.coverages.documents, query, (each) => coverageOf(each, this.around.vault));
  }

  changeCoverage(id: string, revision: string, change: CoverageChange): Promise<CoverageReference> {
    return this.written('changeCoverage', async (tx) => {
      if (change.payer) this.knowPayer(change.payer);
      const changed = await this.coverages.change(tx, id, revision, this.around.clock(), (coverage) =>
        mergePatch<NewCoverage>(coverage, change, NewCoverage),
      );
      return referenceOf(changed);
    });
  }

  createClaim(businessKey: string, claim: NewClaim): Promise<Claim> {
    return this.asked('createClaim', () => this.raise(businessKey, claim));
  }

  readClaim(id: string): Promise<Claim> {
    return this.asked('readClaim', async () => (await this.claims.read(id)) ?? missing('claim'));
  }

  readClaimStatus(id: string): Promise<ClaimStatus> {
    return this.asked('readClaimStatus', async () => (await this.claims.status(id)) ?? missing('claim'));
  }

  listClaims(query: Queries.ClaimQuery): Promise<Page<Claim>> {
    return this.asked('listClaims', () => this.claims.list(query));
  }

  voidClaim(businessKey: string, id: string, { reason }: ClaimVoid): Promise<Claim> {
    return this.asked('voidClaim', async () => {
      const voided = await this.claims.void(businessKey, id, reason, this.around.clock());
      if (voided) return voided;
      const { number } = (await this.claims.read(id)) ?? missing('claim');
      throw new Problem('conflict', 'The claim is void already', { context: { claim: number } });
    });
  }

  createRemittance(_businessKey: string, remittance: NewRemittance): Promise<Remittance> {
    return this.written('createRemittance', (tx) => this.posting.post(tx, remittance, this.around.clock()));
  }

  readRemittance(id: string): Promise<Remittance> {
    return this.asked('readRemittance', async () =>
      remittanceOf((await this.posting.remittances.read(this.database, id)) ?? missing('remittance')),
    );
  }

  listRemittances(query: Queries.RemittanceQuery): Promise<Page<Remittance>> {
    return this.listed('listRemittances', this.posting.remittances, query, remittanceOf);
  }

  listUnmatchedPayments(query: Queries.UnmatchedPaymentQuery): Promise<Page<UnmatchedPayment>> {
    return this.listed('listUnmatchedPayments', this.posting.unmatched, query, received);
  }

  readDenial(id: string): Promise<Denial> {
    return this.asked('readDenial', async () =>
      received((await this.posting.denials.read(this.database, id)) ?? missing('denial')),
    );
  }

  listDenials(query: Queries.DenialQuery): Promise<Page<Denial>> {
    return this.listed('listDenials', this.posting.denials, query, received);
  }

  createAdjustment(businessKey: string, adjustment: NewClaimAdjustment): Promise<ClaimAdjustment> {
    return this.written('createAdjustment', (tx) =>
      this.adjusting.enter(tx, businessKey, adjustment, this.around.clock()),
    );
  }

  readAdjustment(id: string): Promise<ClaimAdjustment> {
    return this.asked('readAdjustment', async () =>
      adjustmentOf((await this.adjusting.adjustments.read(this.database, id)) ?? missing('adjustment')),
    );
  }

  listAdjustments(query: Queries.AdjustmentQuery): Promise<Page<ClaimAdjustment>> {
    return this.listed('listAdjustments', this.adjusting.adjustments, query, adjustmentOf);
  }

  createAdjustmentBatch(batch: AdjustmentBatch): Promise<AdjustmentBatchReport> {
    return this.written('createAdjustmentBatch', (tx) => this.adjusting.enterBatch(tx, batch, this.around.clock()));
  }

  readAdjustmentBatch(batch: string): Promise<AdjustmentBatchReport> {
    return this.asked(
      'readAdjustmentBatch',
      async () => (await this.adjusting.batches.ofKey(this.database, batch))?.body.report ?? missing('batch'),
    );
  }

  readPatientBalance(encounterId: string): Promise<PatientBalance> {
    return this.asked('readPatientBalance', async () => {
      const accounts = {
        claims: this.claims,
        settlements: this.posting.settlements,
        adjustments: this.adjusting.adjustments,
      };
      return (await balancesOf(this.database, accounts, [encounterId]))[0]!;
    });
  }

  listReceivedFiles(query: Queries.ReceivedFileQuery): Promise<Page<ReceivedFile>> {
    return this.asked('listReceivedFiles', () => this.receivedFiles.list(this.database, query));
  }

  readReceivedFile(id: string): Promise<ReceivedFile> {
    return this.asked('readReceivedFile', () => this.receivedFiles.read(this.database, id));
  }

  retryReceivedFile(id: string): Promise<ReceivedFile> {
    return this.written('retryReceivedFile', async (tx) => {
      const file = await this.receivedFiles.held(tx, id);
      return this.receivedFiles.tried(tx, id, await this.takeAgain(tx, file), this.around.clock());
    });
  }

  discardReceivedFile(id: string, reason: string): Promise<ReceivedFile> {
    return this.written('discardReceivedFile', (tx) => this.receivedFiles.discard(tx, id, reason, this.around.clock()));
  }

  /** Tries a file again and says what of it still cannot be used. A connector that takes files overrides it. */
  protected takeAgain(_tx: Database, _file: HeldFile): Promise<readonly ReceivedFileFault[]> {
    return Promise.reject(new Problem('not-supported', undefined, { context: { capability: 'received-files' } }));
  }

  protected get database(): Database {
    return this.around.database;
  }

  protected asked<T>(operation: string, work: () => Promise<T>): Promise<T> {
    return this.around.faults.around(operation, work);
  }

  /** All of a write happens, or nothing; whoever waits for its events is told afterwards. */
  protected async written<T>(operation: string, work: (tx: Database) => Promise<T>): Promise<T> {
    return this.asked(operation, async () => {
      const answer = await this.database.transaction().execute(work);
      this.around.events.announce();
      return answer;
    });
  }

  private listed<Body extends object, T>(
    operation: string,
    store: DocumentStore<Body>,
    query: PageQuery,
    map: (document: Document<Body>) => T,
  ): Promise<Page<T>> {
    return this.asked(operation, async () => {
      const { items, ...page } = await store.list(this.database, query);
      return { ...page, items: items.map(map) };
    });
  }

  /** A live claim that was voided between the two looks leaves the place free: then once more. */
  protected async raise(businessKey: string, claim: NewClaim): Promise<Claim> {
    const worth = worthOf(claim, this.contracts);
    refuseUnbalanced({ ...claim, charge: worth.charge });
    const raised = await this.claims.add(businessKey, claim, worth, this.around.clock());
    const known = raised ?? (await this.claims.ofBusinessKey(businessKey));
    if (known) return known;
    const live = await this.claims.liveOf(claim.encounterId);
    if (!live) return this.raise(businessKey, claim);
    const context = { encounter: claim.encounterId, claim: live.number };
    throw new Problem('conflict', 'The encounter has a claim that is not void', { context });
  }

  private knowPayer(payer: string): void {
    if (!this.contracts.payers.has(payer)) {
      throw new Problem('unknown-code', 'Payer is not known', { context: { payer } });
    }
  }
}

const received = <Body extends object>({ id, body, createdAt, changedAt }: Document<Body>) => ({
  ...body,
  id,
  receivedAt: createdAt,
  changedAt,
});

export function missing(what: string): never {
  throw new Problem('not-found', `There is no such ${what}`);
}
