import { setTimeout as pause } from 'node:timers/promises';
import { asProblem, type Claim, type NewCoverage } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { log } from '@concord/observability';
import type { Mailbox } from '@concord/sftp';
import { writeX12, type GroupData, type SetData } from '@concord/x12';
import type { ClaimStore } from '../../books/claim.store.js';
import type { Contracts } from '../../books/contracts.js';
import type { Coverages } from '../../books/coverages.js';
import { claimNumber } from '../../claim-number.js';
import type { Billed } from './billed.js';
import { claimSet, guideOf } from './claim.mapping.js';
import type { ExchangeStore, SentClaim, WrittenFile } from './exchange.store.js';
import { groupHeaderOf, interchangeHeaderOf, type TradingPartner } from './partner.js';

export interface Sending {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: () => Date;
  readonly claims: ClaimStore;
  readonly coverages: Coverages;
  readonly contracts: () => Contracts;
  readonly exchange: ExchangeStore;
  readonly mailbox: Pick<Mailbox, 'put'>;
  readonly partner: TradingPartner;
  /** The payers that are reached through this partner. */
  readonly payers: () => readonly string[];
  readonly batchMs: number;
  readonly claimsAFile: number;
}

interface Due extends Billed {
  readonly sequence: number;
}

const FILES_AT_A_TIME = 100;

/**
 * Sends the claims that wait, many in a file. A file is written once, in the transaction that takes its control number and
 * says which claims are in it; it is put into the mailbox until it is there.
 */
export class ClaimSender {
  private readonly stopping = new AbortController();
  private working: Promise<void> | undefined;

  constructor(private readonly sending: Sending) {}

  start(): void {
    this.working = this.work();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.working;
  }

  /** Writes what waits into files and puts them into the mailbox. Throws what the mailbox throws. */
  async send(): Promise<void> {
    while (await this.write());
    await this.deliver();
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await pause(this.sending.batchMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await this.send().catch((error: unknown) => log.warn('claims.not-sent', { error }));
    }
  }

  /** One file of claims that wait; false where none did. */
  private write(): Promise<boolean> {
    const { database, exchange, payers, claimsAFile } = this.sending;
    return database.transaction().execute(async (tx) => {
      const waiting = await exchange.waiting(tx, payers(), claimsAFile);
      if (!waiting.length) return false;
      const due = await this.due(tx, waiting);
      const sendable = await this.sendable(tx, due);
      if (sendable.length) await this.writeFile(tx, sendable);
      return waiting.length === claimsAFile;
    });
  }

  private async due(tx: Database, waiting: readonly { number: number; isVoid: boolean }[]): Promise<Due[]> {
    const { claims, coverages } = this.sending;
    const known = await claims.ofNumbers(
      tx,
      waiting.map(({ number }) => claimNumber(number)),
    );
    const due: Due[] = [];
    for (const { number, isVoid } of waiting) {
      const claim = known.get(claimNumber(number))!;
      const { own, others } = await coverages.of(tx, claim.encounterId, claim.payer);
      const status = isVoid ? await claims.status(claim.id) : undefined;
      if (own) due.push(dueOf(number, claim, own, others, isVoid, status?.payerClaimNumber));
      else await this.refuse(tx, claim, 'No coverage of the encounter with this payer is known any more');
    }
    return due;
  }

  /** A claim that can no longer be written, because its coverage was changed since, must not keep the others. */
  private async sendable(tx: Database, due: readonly Due[]): Promise<Due[]> {
    const sendable: Due[] = [];
    for (const each of due) {
      try {
        const set = this.setOf(each, '0001', 'CHECK');
        const header = groupHeaderOf(this.sending.partner, guideOf(each.claim), 1, this.sending.clock());
        this.fileOf(1, [{ header, sets: [set] }]);
        sendable.push(each);
      } catch (error) {
        await this.refuse(tx, each.claim as Claim, asProblem(error).message);
      }
    }
    return sendable;
  }

  private async writeFile(tx: Database, due: readonly Due[]): Promise<void> {
    const { exchange, partner, clock, vault } = this.sending;
    const interchange = await exchange.next(tx, 'interchange');
    const batch = String(interchange);
    const groups: GroupData[] = [];
    const sent: SentClaim[] = [];
    for (const [guide, members] of Map.groupBy(due, ({ claim }) => guideOf(claim))) {
      const group = await exchange.next(tx, 'group');
      const sets = members.map((each, i) => this.setOf(each, setNumber(i), `${batch}-${group}-${i + 1}`));
      groups.push({ header: groupHeaderOf(partner, guide, group, clock()), sets });
      sent.push(
        ...members.map(({ sequence, purpose }, i) => ({
          claim: sequence,
          purpose,
          interchange,
          functional_group: group,
          set_number: setNumber(i),
        })),
      );
    }
    const name = `837-${partner.name}-${batch.padStart(9, '0')}.x12`;
    const content = vault.seal(this.fileOf(interchange, groups), name);
    await exchange.keepFile(tx, { interchange, name, content }, sent, clock());
  }

  private setOf(billed: Billed, controlNumber: string, batch: string): SetData {
    const { partner, contracts, clock } = this.sending;
    return claimSet(billed, partner, contracts(), controlNumber, batch, clock());
  }

  private fileOf(interchange: number, groups: readonly GroupData[]): Buffer {
    const { partner, clock } = this.sending;
    const header = interchangeHeaderOf(partner, interchange, clock());
    return writeX12([{ header, groups }], { delimiters: partner.delimiters });
  }

  private async refuse(tx: Database, { id }: Claim, detail: string): Promise<void> {
    const entry = {
      status: 'rejected',
      source: 'concord',
      cause: 'not-sendable',
      detail: detail.slice(0, 400),
    } as const;
    await this.sending.claims.advance(tx, id, entry, this.sending.clock());
  }

  /** In the order of the control numbers: one that cannot be put keeps those behind it. */
  private async deliver(): Promise<void> {
    const { exchange, mailbox, vault } = this.sending;
    for (;;) {
      const files = await exchange.unsent(FILES_AT_A_TIME);
      for (const file of files) {
        await mailbox.put(file.name, vault.open(file.content, file.name));
        await this.sent(file);
      }
      if (files.length < FILES_AT_A_TIME) return;
    }
  }

  private async sent({ interchange }: WrittenFile): Promise<void> {
    const { database, exchange, claims, clock } = this.sending;
    await database.transaction().execute(async (tx) => {
      for (const { claim, purpose } of await exchange.sent(tx, interchange, clock())) {
        if (purpose === 'void') continue;
        const entry = { status: 'submitted', source: 'concord', cause: `file/${interchange}` } as const;
        await claims.advance(tx, claimNumber(claim), entry, clock());
      }
    });
    log.info('claims.sent', { target: `x12.${this.sending.partner.name}` });
  }
}

const setNumber = (i: number): string => String(i + 1).padStart(4, '0');

const dueOf = (
  sequence: number,
  claim: Claim,
  coverage: NewCoverage,
  others: readonly NewCoverage[],
  isVoid: boolean,
  payerClaimNumber?: string,
): Due => ({
  sequence,
  claim,
  coverage,
  others,
  purpose: isVoid ? 'void' : 'original',
  payerClaimNumber,
});
