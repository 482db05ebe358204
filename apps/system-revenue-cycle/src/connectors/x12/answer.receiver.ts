import { asProblem, Problem } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { EventLog } from '@concord/events';
import { log } from '@concord/observability';
import type { TakenFile } from '@concord/sftp';
import {
  CLAIM_ACKNOWLEDGMENT,
  IMPLEMENTATION_ACKNOWLEDGMENT,
  placeOf,
  readSet,
  readX12,
  REMITTANCE,
  type AcknowledgedClaim,
  type X12Interchange,
  type X12Set,
} from '@concord/x12';
import type { ClaimStore } from '../../books/claim.store.js';
import type { RemittancePosting } from '../../books/remittance.posting.js';
import { claimNumber, sequenceOf } from '../../claim-number.js';
import type { ExchangeStore } from './exchange.store.js';
import { remittanceFrom } from './remittance.mapping.js';

interface Receiving {
  readonly claims: ClaimStore;
  readonly posting: RemittancePosting;
  readonly exchange: ExchangeStore;
  readonly events: EventLog;
  readonly clock: () => Date;
  readonly partner: string;
}

/**
 * Works in what the clearinghouse answers: 999 (was the file understood), 277CA (was the claim taken in), 835 (what was
 * paid). Each interchange once, by its sender and control number. What cannot be used never keeps what stands beside it.
 */
export class AnswerReceiver {
  constructor(private readonly receiving: Receiving) {}

  /** Inside the transaction in which the file is taken; the file itself is kept sealed beside the events. */
  async take({ content, sha256 }: TakenFile, tx: Database): Promise<void> {
    const { events, partner } = this.receiving;
    const contentType = 'application/edi-x12';
    await events.appendIn(tx, [], [{ id: `x12/${partner}/${sha256}`, source: 'x12', contentType, body: content }]);
    const file = readX12(content);
    for (const fault of file.faults) this.tell(`${fault.code} ${placeOf(fault.position)}`);
    for (const interchange of file.interchanges) await this.work(tx, interchange, sha256);
  }

  private async work(tx: Database, { header, groups, faults }: X12Interchange, sha256: string): Promise<void> {
    const { exchange, clock } = this.receiving;
    const { sender, controlNumber } = header;
    if (!(await exchange.receive(tx, { sender, controlNumber, sha256 }, clock()))) return this.tell('duplicate');
    const told = faults.map((fault) => `${placeOf(fault.position)}: ${fault.detail}`);
    for (const group of groups) {
      for (const set of group.sets) {
        if (group.refused.has(set)) continue;
        const fault = await this.use(tx, set, `${controlNumber}/${set.controlNumber}`);
        if (fault) told.push(`${placeOf(set.position)}: ${fault}`);
      }
    }
    if (!told.length) return;
    this.tell('faulty');
    await exchange.faulty(tx, sender, controlNumber, told);
  }

  /** What was wrong, where it was. What we can repeat is thrown, so that the whole file is taken again. */
  private async use(tx: Database, set: X12Set, cause: string): Promise<string | undefined> {
    const use = this.uses[set.id];
    if (!use) return `Nobody here reads a ${set.id}`;
    try {
      await use(tx, set, cause);
      return undefined;
    } catch (error) {
      if (error instanceof TypeError) return 'The set lacks what it must have'; // the mapping met what is not there
      const problem = asProblem(error);
      if (problem.slug === 'internal' || problem.retryable) throw error;
      return problem.message;
    }
  }

  private readonly uses: Readonly<Record<string, (tx: Database, set: X12Set, cause: string) => Promise<void>>> = {
    '999': (tx, set, cause) => this.understood(tx, set, cause),
    '277': (tx, set, cause) => this.takenIn(tx, set, cause),
    '835': (tx, set) => this.paid(tx, set),
  };

  /** 999: AK1 names our group, AK2 our set, IK5 says whether it was accepted. */
  private async understood(tx: Database, set: X12Set, cause: string): Promise<void> {
    const { exchange } = this.receiving;
    const { value } = readSet(IMPLEMENTATION_ACKNOWLEDGMENT, set, { level: 2 });
    const group = Number(value.group.controlNumber);
    const answered = value.sets ?? [];
    for (const { set: ours, segments = [], answer } of answered) {
      const isTaken = /^[AE]$/.test(answer.code);
      const where = segments.map(
        ({ segment }) => `${segment.segment} (segment ${segment.position}, code ${segment.code ?? '?'})`,
      );
      const detail = isTaken ? undefined : `The file was not understood${where.length ? `: ${where.join(', ')}` : ''}`;
      const sent = await exchange.claimsOf(tx, group, ours.controlNumber);
      await this.say(tx, sent, cause, isTaken, [`IK5-${answer.code}`], detail);
    }
    if (answered.length || /^[AE]$/.test(value.answer.code)) return;
    const all = await exchange.claimsOf(tx, group);
    await this.say(tx, all, cause, false, [`AK9-${value.answer.code}`], 'The whole group was turned away');
  }

  private async say(
    tx: Database,
    sent: readonly { claim: number; purpose: string }[],
    cause: string,
    isTaken: boolean,
    codes: readonly string[],
    detail?: string,
  ): Promise<void> {
    const status = isTaken ? 'submitted' : 'rejected';
    for (const { claim, purpose } of sent) {
      if (purpose === 'void') continue;
      const entry = {
        status,
        source: 'acknowledgment',
        cause: `999/${cause}`,
        codes,
        detail: detail?.slice(0, 400),
      } as const;
      await this.receiving.claims.advance(tx, claimNumber(claim), entry, this.receiving.clock());
    }
  }

  /** 277CA: TRN02 is our claim number, STC01 the category and the status. */
  private async takenIn(tx: Database, set: X12Set, cause: string): Promise<void> {
    const { value } = readSet(CLAIM_ACKNOWLEDGMENT, set, { level: 2 });
    const claims = value.sources.flatMap(({ receivers }) =>
      receivers.flatMap(({ providers = [] }) => providers.flatMap((provider) => provider.claims ?? [])),
    );
    for (const claim of claims) await this.sayOne(tx, claim, cause);
  }

  private async sayOne(tx: Database, { claim }: AcknowledgedClaim, cause: string): Promise<void> {
    const { trace, statuses, references = [] } = claim;
    if (sequenceOf(trace.number) === undefined) return this.tell('unknown-claim');
    const known = await this.receiving.claims.ofNumbers(tx, [trace.number]);
    if (!known.has(trace.number)) return this.tell('unknown-claim');
    const codes = statuses.map(({ status: { category, status } }) => `${category}:${status}`).slice(0, 20);
    const status = statusOf(statuses.map(({ status: { category } }) => category));
    const payerNumber = references.find(({ qualifier }) => qualifier === '1K')?.value; // REF*1K payer claim control number
    const detail = status === 'rejected' ? `The payer turned the claim away: ${codes.join(', ')}` : undefined;
    const entry = { status, source: 'payer', cause: `277/${cause}/${trace.number}`, codes, detail } as const;
    await this.receiving.claims.advance(tx, trace.number, entry, this.receiving.clock(), payerNumber);
  }

  private async paid(tx: Database, set: X12Set): Promise<void> {
    const { value } = readSet(REMITTANCE, set, { level: 2 });
    const remittance = remittanceFrom(value);
    if (!remittance.traceNumber) throw new Problem('malformed', 'The payment has no number');
    await this.receiving.posting.post(tx, remittance, this.receiving.clock());
  }

  private tell(reason: string): void {
    const target = `x12.${this.receiving.partner}`;
    log.warn('x12.not-used', { target, reason: reason.replace(/[^\w./-]+/g, '-').slice(0, 100) });
  }
}

/** Claim status categories (X12 507): A3 to A8 turn a claim away, A2 takes it into adjudication, the others are on the way. */
function statusOf(categories: readonly string[]): 'submitted' | 'accepted' | 'rejected' {
  if (categories.some((category) => /^A[345678]$/.test(category))) return 'rejected';
  return categories.includes('A2') ? 'accepted' : 'submitted';
}
