import type { OnApplicationShutdown } from '@nestjs/common';
import { configure } from '@concord/api';
import { Problem, type Claim, type NewClaim, type ReceivedFileFault } from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import { mailboxMigrations, type MailboxHealth } from '@concord/sftp';
import { BooksConnector, type Surroundings } from '../../books/books.connector.js';
import { worthOf } from '../../books/claim-rules.js';
import type { HeldFile } from '../../books/received-files.js';
import { refuseUnsendable } from './claim.checks.js';
import { x12Migrations } from './migrations.js';
import { billingOf } from './partner.js';
import { PartnerExchange } from './partner.exchange.js';
import { payerRoutes, type PayerRoutes } from './payer.routes.js';
import { BillingConfig, ExchangeConfig } from './x12.config.js';

/**
 * Claims go to payers as 837 files through the SFTP mailboxes of one or more partners, and 999, 277CA and 835 come back; the
 * accounts are kept in our own books. A claim that no payer would take is refused before it is raised.
 */
export class X12Connector extends BooksConnector implements OnApplicationShutdown {
  private readonly routes: PayerRoutes;
  private readonly exchanges: ReadonlyMap<string, PartnerExchange>;

  constructor(around: Surroundings, environment = process.env) {
    super(around);
    const { claims, coverages, posting, receivedFiles: files } = this;
    const billing = billingOf(configure(BillingConfig, environment));
    const contracts = () => this.contracts;
    this.routes = payerRoutes(configure(ExchangeConfig, environment).partners);
    this.exchanges = new Map(
      this.routes.partners.map((name) => {
        const payers = () => this.insurers().filter((payer) => this.routes.partnerOf(payer) === name);
        const exchanging = { around, claims, coverages, posting, files, contracts, payers, billing };
        return [name, new PartnerExchange(name, exchanging, environment)];
      }),
    );
  }

  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    const lost = this.insurers().filter((payer) => !this.routes.partnerOf(payer));
    if (lost.length) throw new Error(`CLAIMS_PARTNERS names no partner for ${lost.join(', ')}`);
    await migrate(this.database, 'sftp', mailboxMigrations);
    await migrate(this.database, 'revenue-cycle-x12', x12Migrations);
    for (const exchange of this.exchanges.values()) exchange.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.exchanges.values()].map((exchange) => exchange.stop()));
  }

  /** Sends what waits now instead of at the next turn. */
  async sendNow(): Promise<void> {
    for (const exchange of this.exchanges.values()) await exchange.sendNow();
  }

  health(): MailboxHealth[] {
    return [...this.exchanges.values()].map((exchange) => exchange.health());
  }

  protected override async takeAgain(tx: Database, file: HeldFile): Promise<readonly ReceivedFileFault[]> {
    const exchange = this.exchanges.get(file.partner);
    if (exchange) return exchange.takeAgain(tx, file);
    const context = { partner: file.partner };
    throw new Problem('conflict', 'Nothing is exchanged with this partner any more', { context });
  }

  protected override async raise(businessKey: string, claim: NewClaim): Promise<Claim> {
    const known = await this.claims.ofBusinessKey(businessKey);
    if (known) return known;
    const worth = worthOf(claim, this.contracts);
    if (this.insurers().includes(claim.payer)) await this.refuseUnsendable(claim, worth);
    return super.raise(businessKey, claim);
  }

  /** Every payer but the patients themselves. */
  private insurers(): string[] {
    return [...this.contracts.payers.values()].filter(({ kind }) => kind !== 'self-pay').map(({ code }) => code);
  }

  private async refuseUnsendable(claim: NewClaim, { charge, kind }: ReturnType<typeof worthOf>): Promise<void> {
    const { encounterId: encounter, payer } = claim;
    const { own: coverage, others } = await this.coverages.of(this.database, encounter, payer);
    if (!coverage) {
      const detail = 'No coverage of the encounter with this payer is known: enter it, then try again';
      const errors = [{ pointer: '/payer', code: 'no-coverage', detail }];
      throw new Problem('coding-incomplete', detail, { errors, context: { encounter, payer } });
    }
    const number = 'NEW';
    const billed = { claim: { ...claim, kind, charge, number }, coverage, others, purpose: 'original' as const };
    const { partner } = this.exchanges.get(this.routes.partnerOf(payer)!)!;
    refuseUnsendable(billed, partner, this.contracts, this.around.clock());
  }
}
