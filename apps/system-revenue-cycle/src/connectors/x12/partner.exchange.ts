/** All that is exchanged with one partner: its mailbox, its control numbers, what goes out and what comes in. */
import { configure } from '@concord/api';
import type { ReceivedFileFault } from '@concord/canonical';
import type { Database } from '@concord/database';
import { Mailbox, mailboxSettings, type MailboxHealth } from '@concord/sftp';
import type { Surroundings } from '../../books/books.connector.js';
import type { ClaimStore } from '../../books/claim.store.js';
import type { Contracts } from '../../books/contracts.js';
import type { Coverages } from '../../books/coverages.js';
import type { HeldFile, ReceivedFiles } from '../../books/received-files.js';
import type { RemittancePosting } from '../../books/remittance.posting.js';
import { acknowledger } from './acknowledger.js';
import { AnswerReceiver } from './answer.receiver.js';
import { ClaimSender } from './claim.sender.js';
import { ExchangeStore } from './exchange.store.js';
import { partnerOf, type BillingProvider, type TradingPartner } from './partner.js';
import { settingsOf } from './x12.config.js';

export interface Exchanging {
  readonly around: Surroundings;
  readonly claims: ClaimStore;
  readonly coverages: Coverages;
  readonly posting: RemittancePosting;
  readonly files: ReceivedFiles;
  readonly contracts: () => Contracts;
  readonly payers: () => readonly string[];
  readonly billing: BillingProvider;
}

export class PartnerExchange {
  readonly partner: TradingPartner;
  private readonly mailbox: Mailbox;
  private readonly sender: ClaimSender;
  private readonly receiver: AnswerReceiver;
  private polling: { stop: () => Promise<void> } | undefined;

  constructor(name: string, exchanging: Exchanging, environment: NodeJS.ProcessEnv) {
    const { around, claims, coverages, posting, files, contracts, payers, billing } = exchanging;
    const { database, vault, clock, events } = around;
    const settings = settingsOf(name);
    const config = configure(settings.Envelope, environment);
    const partner = partnerOf(name, config, billing);
    const exchange = new ExchangeStore(database, name);
    this.partner = partner;
    this.mailbox = new Mailbox(mailboxSettings(name, configure(settings.Mailbox, environment)), {
      database,
      clock,
      api: 'system/revenue-cycle',
    });
    this.sender = new ClaimSender({
      database,
      vault,
      clock,
      exchange,
      claims,
      coverages,
      contracts,
      payers,
      partner,
      mailbox: this.mailbox,
      batchMs: config.batchSeconds * 1000,
      claimsAFile: config.claimsAFile,
    });
    const acknowledge = acknowledger({ exchange, partner, vault, clock });
    this.receiver = new AnswerReceiver({ claims, posting, exchange, files, events, clock, partner, acknowledge });
  }

  start(): void {
    this.sender.start();
    this.polling = this.mailbox.subscribe((file, tx) => this.receiver.take(file, tx));
  }

  async stop(): Promise<void> {
    await this.polling?.stop();
    await this.sender.stop();
    await this.mailbox.close();
  }

  /** Sends what waits now instead of at the next turn. */
  sendNow(): Promise<void> {
    return this.sender.send();
  }

  /** Tries a file again as a person decided. */
  takeAgain(tx: Database, file: HeldFile): Promise<ReceivedFileFault[]> {
    return this.receiver.use(file, tx, { again: true });
  }

  health(): MailboxHealth {
    return this.mailbox.health();
  }
}
