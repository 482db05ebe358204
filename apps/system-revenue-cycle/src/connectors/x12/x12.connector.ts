import type { OnApplicationShutdown } from '@nestjs/common';
import { configure } from '@concord/api';
import { Problem, type Claim, type NewClaim } from '@concord/canonical';
import { migrate } from '@concord/database';
import { Mailbox, mailboxMigrations, mailboxSettings, type MailboxHealth } from '@concord/sftp';
import { BooksConnector, type Surroundings } from '../../books/books.connector.js';
import { worthOf } from '../../books/claim-rules.js';
import { AnswerReceiver } from './answer.receiver.js';
import { refuseUnsendable } from './claim.mapping.js';
import { ClaimSender } from './claim.sender.js';
import { ExchangeStore } from './exchange.store.js';
import { x12Migrations } from './migrations.js';
import { partnerOf, type TradingPartner } from './partner.js';
import { ClearinghouseMailbox, X12Config } from './x12.config.js';

const PARTNER = 'clearinghouse';

/**
 * Claims go to payers as 837 files through a clearinghouse's SFTP mailbox, and 999, 277CA and 835 come back; the accounts
 * are kept in our own books. A claim that no payer would take is refused before it is raised.
 */
export class X12Connector extends BooksConnector implements OnApplicationShutdown {
  private readonly partner: TradingPartner;
  private readonly mailbox: Mailbox;
  private readonly sender: ClaimSender;
  private readonly receiver: AnswerReceiver;
  private polling: { stop: () => Promise<void> } | undefined;

  constructor(around: Surroundings, environment = process.env) {
    super(around);
    const config = configure(X12Config, environment);
    const { database, vault, clock, events } = around;
    this.partner = partnerOf(PARTNER, config);
    const settings = mailboxSettings(PARTNER, configure(ClearinghouseMailbox, environment));
    this.mailbox = new Mailbox(settings, { database, clock, api: 'system/revenue-cycle' });
    const exchange = new ExchangeStore(database, PARTNER);
    this.sender = new ClaimSender({
      database,
      vault,
      clock,
      exchange,
      claims: this.claims,
      coverages: this.coverages,
      contracts: () => this.contracts,
      mailbox: this.mailbox,
      partner: this.partner,
      batchMs: config.batchSeconds * 1000,
      claimsAFile: config.claimsAFile,
    });
    this.receiver = new AnswerReceiver({
      claims: this.claims,
      posting: this.posting,
      exchange,
      events,
      clock,
      partner: PARTNER,
    });
  }

  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    await migrate(this.database, 'sftp', mailboxMigrations);
    await migrate(this.database, 'revenue-cycle-x12', x12Migrations);
    this.sender.start();
    this.polling = this.mailbox.subscribe((file, tx) => this.receiver.take(file, tx));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.polling?.stop();
    await this.sender.stop();
    await this.mailbox.close();
  }

  /** Sends what waits now instead of at the next turn. */
  sendNow(): Promise<void> {
    return this.sender.send();
  }

  health(): MailboxHealth {
    return this.mailbox.health();
  }

  protected override async raise(businessKey: string, claim: NewClaim): Promise<Claim> {
    const known = await this.claims.ofBusinessKey(businessKey);
    if (known) return known;
    const worth = worthOf(claim, this.contracts);
    if (this.contracts.payers.get(claim.payer)?.kind !== 'self-pay') await this.refuseUnsendable(claim, worth);
    return super.raise(businessKey, claim);
  }

  private async refuseUnsendable(claim: NewClaim, { charge, kind }: ReturnType<typeof worthOf>): Promise<void> {
    const { encounterId: encounter, payer } = claim;
    const coverage = await this.coverages.of(this.database, encounter, payer);
    if (!coverage) {
      const detail = 'No coverage of the encounter with this payer is known: enter it, then try again';
      const errors = [{ pointer: '/payer', code: 'no-coverage', detail }];
      throw new Problem('coding-incomplete', detail, { errors, context: { encounter, payer } });
    }
    const billed = { claim: { ...claim, kind, charge, number: 'NEW' }, coverage, purpose: 'original' as const };
    refuseUnsendable(billed, this.partner, this.contracts, this.around.clock());
  }
}
