import { asProblem, Problem, type ReceivedFileFault } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { EventLog } from '@concord/events';
import { log } from '@concord/observability';
import type { TakenFile } from '@concord/sftp';
import {
  CLAIM_ACKNOWLEDGMENT,
  faultsOfGroup,
  faultsOfSet,
  guideOf,
  IMPLEMENTATION_ACKNOWLEDGMENT,
  placeOf,
  readSet,
  readX12,
  REMITTANCE,
  type AcknowledgedClaim,
  type Answered,
  type Finding,
  type X12Group,
  type X12Interchange,
  type X12Set,
} from '@concord/x12';
import type { ClaimStore } from '../../books/claim.store.js';
import type { RemittancePosting } from '../../books/remittance.posting.js';
import type { ReceivedFiles } from '../../books/received-files.js';
import { claimNumber, sequenceOf } from '../../claim-number.js';
import type { ExchangeStore } from './exchange.store.js';
import type { TradingPartner } from './partner.js';
import { remittanceFrom } from './remittance.mapping.js';

interface Receiving {
  readonly claims: ClaimStore;
  readonly posting: RemittancePosting;
  readonly exchange: ExchangeStore;
  readonly files: ReceivedFiles;
  readonly events: EventLog;
  readonly clock: () => Date;
  readonly partner: TradingPartner;
  /** Sends an answer, inside the transaction in which it is decided. */
  readonly acknowledge: (tx: Database, group: X12Group, answers: readonly Answered[]) => Promise<void>;
}

type Content = Pick<TakenFile, 'content' | 'sha256'>;

/** What a person decided of a file that came before. */
interface Again {
  readonly again?: boolean;
}

/** Groups that are answered with a 999: claim acknowledgments and payments. An acknowledgment is not acknowledged. */
const ANSWERED = new Set(['HN', 'HP']);

/**
 * Works in what a partner answers: 999 (was the file understood), 277CA (was the claim taken in), 835 (what was paid). Each
 * interchange once, by its sender and control number. What cannot be used never keeps what stands beside it; it is kept
 * sealed, and listed with its place and reason.
 */
export class AnswerReceiver {
  constructor(private readonly receiving: Receiving) {}

  /** Inside the transaction in which the file is taken; the file itself is kept sealed beside the events. */
  async take(file: Content, tx: Database): Promise<void> {
    const { events, partner, files, clock } = this.receiving;
    const { content, sha256 } = file;
    const contentType = 'application/edi-x12';
    await events.appendIn(tx, [], [{ id: `x12/${partner.name}/${sha256}`, source: 'x12', contentType, body: content }]);
    const faults = await this.use(file, tx);
    if (faults.length > 0) await files.keep(tx, { partner: partner.name, sha256, content }, faults, clock());
  }

  /** Works in all of a file that can be, and says what cannot. */
  async use({ content, sha256 }: Content, tx: Database, { again = false }: Again = {}): Promise<ReceivedFileFault[]> {
    const file = readX12(content);
    const faults = file.faults.map(({ position, detail }) => ({ position: placeOf(position), reason: detail }));
    const seen = new Set<string>();
    for (const interchange of file.interchanges) {
      const { controlNumber, sender } = interchange.header;
      const isTwice = seen.has(controlNumber);
      seen.add(controlNumber);
      faults.push(...(await this.work(tx, interchange, { sha256, sender, again: again && !isTwice, isTwice })));
    }
    for (const { position } of faults) this.tell(position);
    return faults;
  }

  private async work(
    tx: Database,
    { header, groups, faults }: X12Interchange,
    { sha256, sender, again, isTwice }: { sha256: string; sender: string; again: boolean; isTwice: boolean },
  ): Promise<ReceivedFileFault[]> {
    const { exchange, clock, partner } = this.receiving;
    const { controlNumber, receiver } = header;
    const position = `ISA[${controlNumber}]`;
    if (receiver !== partner.sender) return [{ position, reason: 'It is addressed to somebody else' }];
    const known = isTwice ? 'other' : await exchange.receive(tx, { sender, controlNumber, sha256 }, clock());
    if (known === 'repeated' && !again) {
      this.tell('duplicate');
      return [];
    }
    if (known === 'other' && !again) {
      return [{ position, reason: 'Its control number came before with another content' }];
    }
    const told = faults.map((fault) => ({ position: placeOf(fault.position), reason: fault.detail }));
    for (const group of groups) told.push(...(await this.group(tx, group, controlNumber)));
    if (told.length > 0) {
      const words = told.map(({ position: place, reason }) => `${place}: ${reason}`);
      await exchange.faulty(tx, sender, controlNumber, words);
    }
    return told;
  }

  private async group(tx: Database, group: X12Group, interchange: string): Promise<ReceivedFileFault[]> {
    const faults: ReceivedFileFault[] = [];
    const unused = new Set<X12Set>();
    for (const set of group.sets) {
      if (group.refused.has(set)) continue;
      const reason = await this.set(tx, set, `${interchange}/${set.controlNumber}`);
      if (!reason) continue;
      faults.push({ position: placeOf(set.position), reason });
      unused.add(set);
    }
    const { partner, acknowledge } = this.receiving;
    if (!partner.acknowledges || !ANSWERED.has(group.header.functionalId)) return faults;
    await acknowledge(
      tx,
      group,
      group.sets.map((set) => this.answerTo(set, group.refused.get(set), unused.has(set))),
    );
    return faults;
  }

  /** A set that breaks its guide is taken all the same where it could be used; a 999 judges its form alone. */
  private answerTo(set: X12Set, faults: Answered['faults'], isUnused: boolean): Answered {
    if (faults) return { set, faults, findings: [] };
    if (!this.uses[set.id]) return { set, findings: [unread(set)] };
    const guide = guideOf(set);
    const findings = guide ? readSet(guide, set, { level: 2 }).findings : [];
    return { set, findings, accept: !isUnused };
  }

  /** What was wrong. What we can repeat is thrown, so that the whole file is taken again. */
  private async set(tx: Database, set: X12Set, cause: string): Promise<string | undefined> {
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
      const where = faultsOfSet({ set: ours, segments, answer }).map(
        ({ position, reason }) => `${position}: ${reason}`,
      );
      const detail = isTaken ? undefined : `The file was not understood: ${where.join('; ')}`;
      const sent = await exchange.claimsOf(tx, group, ours.controlNumber);
      await this.say(tx, sent, cause, isTaken, [`IK5-${answer.code}`], detail);
    }
    if (answered.length || /^[AE]$/.test(value.answer.code)) return;
    const all = await exchange.claimsOf(tx, group);
    const why = faultsOfGroup(value)
      .map(({ reason }) => reason)
      .join('; ');
    await this.say(tx, all, cause, false, [`AK9-${value.answer.code}`], `The whole group was turned away: ${why}`);
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
    const target = `x12.${this.receiving.partner.name}`;
    log.warn('x12.not-used', { target, reason: reason.replace(/[^\w./-]+/g, '-').slice(0, 100) });
  }
}

/** Claim status categories (X12 507): A3 to A8 turn a claim away, A2 takes it into adjudication, the others are on the way. */
function statusOf(categories: readonly string[]): 'submitted' | 'accepted' | 'rejected' {
  if (categories.some((category) => /^A[345678]$/.test(category))) return 'rejected';
  return categories.includes('A2') ? 'accepted' : 'submitted';
}

/** A set that is none of those that are exchanged. */
const unread = (set: X12Set): Finding => ({
  level: 1,
  code: 'segment-unknown',
  message: `Nobody here reads a ${set.id}`,
  pointer: 'ST-01',
  segment: 1,
  segmentName: 'ST',
  element: 1,
});
