import {
  canonicalJson,
  ClaimDenied,
  ClaimSettled,
  Problem,
  RemittanceHeld,
  type Claim,
  type Denial,
  type Money,
  type NewRemittance,
  type NewRemittanceClaim,
  type Remittance,
  type UnmatchedPayment,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import type { EventLog, NewEvent } from '@concord/events';
import type { ClaimStore } from './claim.store.js';
import { DocumentStore, type Document } from './document.store.js';
import { deniedOf, imbalanceOf, settledAs, takenOff } from './remittance-rules.js';

/** What one remittance did to one claim. */
export interface Settlement {
  readonly remittanceId: string;
  readonly paid: Money;
  readonly adjusted: Money;
  readonly patientResponsibility: Money;
}

/** What is kept of something, its number and its moments aside. */
type Kept<T> = Omit<T, 'id' | 'receivedAt' | 'changedAt'>;

type KeptRemittance = Kept<Remittance>;

/** Works remittances in: what balances settles its claims, what does not waits for a person. Each payment once. */
export class RemittancePosting {
  readonly remittances = new DocumentStore<KeptRemittance>('remittance', 'ERA');
  readonly settlements = new DocumentStore<Settlement>('settlement', 'SET');
  readonly unmatched = new DocumentStore<Kept<UnmatchedPayment>>('unmatched-payment', 'UNM');
  readonly denials = new DocumentStore<Kept<Denial>>('denial', 'DEN');

  constructor(
    private readonly claims: ClaimStore,
    private readonly events: EventLog,
  ) {}

  /**
   * The payer's trace number names a payment: it is worked in once, however often it comes. A held one is replaced by one
   * of the same number that balances. Throws `conflict` where the number came before with another content. Call
   * `announce` of the event log after the commit.
   */
  async post(tx: Database, remittance: NewRemittance, at: Date): Promise<Remittance> {
    const businessKey = `${remittance.payer ?? ''}/${remittance.traceNumber}`;
    const heldBecause = imbalanceOf(remittance);
    const body = await this.matched(tx, remittance, heldBecause);
    const added = await this.remittances.add(
      tx,
      { businessKey, payer: remittance.payer, status: body.status, body },
      at,
    );
    const document = added ?? (await this.again(tx, businessKey, body, at));
    if (document === 'known') return remittanceOf((await this.remittances.ofKey(tx, businessKey))!);
    const posted = remittanceOf(document);
    const said = heldBecause ? [held(posted, at)] : await this.settle(tx, posted, at);
    await this.events.appendIn(tx, said, []);
    return posted;
  }

  private async again(
    tx: Database,
    businessKey: string,
    body: KeptRemittance,
    at: Date,
  ): Promise<Document<KeptRemittance> | 'known'> {
    const known = (await this.remittances.ofKey(tx, businessKey))!;
    if (canonicalJson(said(known.body)) === canonicalJson(said(body))) return 'known';
    if (known.status !== 'held' || body.status === 'held') {
      throw new Problem('conflict', 'A payment of this number came before, with another content', {
        context: { remittance: known.id },
      });
    }
    return this.remittances.change(tx, known.id, known.revision, () => ({ body, status: 'posted' }), at);
  }

  private async matched(tx: Database, remittance: NewRemittance, heldBecause?: string): Promise<KeptRemittance> {
    const numbers = remittance.claims.map(({ claimNumber }) => claimNumber);
    const known = await this.claims.ofNumbers(tx, numbers);
    const claims = remittance.claims.map((claim) => {
      const encounterId = known.get(claim.claimNumber)?.encounterId;
      return { ...claim, matched: encounterId !== undefined, ...(encounterId ? { encounterId } : {}) };
    });
    return { ...remittance, claims, ...(heldBecause ? { status: 'held', heldBecause } : { status: 'posted' }) };
  }

  private async settle(tx: Database, remittance: Remittance, at: Date): Promise<NewEvent[]> {
    const events: NewEvent[] = [];
    const known = await this.claims.ofNumbers(
      tx,
      remittance.claims.map(({ claimNumber }) => claimNumber),
    );
    for (const [i, said] of remittance.claims.entries()) {
      const claim = known.get(said.claimNumber);
      const key = `${remittance.id}/${i}`;
      if (!claim) await this.keepUnmatched(tx, remittance, said, key, at);
      else events.push(...(await this.settleClaim(tx, remittance, claim, said, key, at)));
    }
    return events;
  }

  private async keepUnmatched(tx: Database, { id }: Remittance, said: NewRemittanceClaim, key: string, at: Date) {
    const { claimNumber, charge, paid } = said;
    const body = { remittanceId: id, claimNumber, charge, paid };
    await this.unmatched.add(tx, { businessKey: key, claim: claimNumber, body }, at);
  }

  private async settleClaim(
    tx: Database,
    { id: remittanceId }: Remittance,
    claim: Claim,
    said: NewRemittanceClaim,
    key: string,
    at: Date,
  ): Promise<NewEvent[]> {
    const { id: claimId, encounterId, payer } = claim;
    const where = { encounterId, claim: claimId, payer };
    const { paid, patientResponsibility } = said;
    const settlement = { remittanceId, paid, patientResponsibility, adjusted: takenOff(said) };
    await this.settlements.add(tx, { businessKey: key, ...where, body: settlement }, at);
    const status = settledAs(said);
    const refused = deniedOf(said);
    if (status) {
      const codes = [said.statusCode, ...refused.map(({ group, reason }) => `${group}-${reason}`)].slice(0, 20);
      const entry = { status, source: 'remittance', cause: `remittance/${key}`, codes } as const;
      await this.claims.advance(tx, claimId, entry, at, said.payerClaimNumber);
    }
    const subject = { subject: encounterId, source: 'system/revenue-cycle', correlationId: claimId, time: at };
    const occurredAt = at.toISOString();
    const settled: ClaimSettled = {
      claimId,
      encounterId,
      remittanceId,
      payer,
      paid,
      patientResponsibility,
      occurredAt,
    };
    const events: NewEvent[] = [{ ...subject, id: `${key}/settled`, type: ClaimSettled.type, data: settled }];
    for (const [i, { line, group, reason, amount, remarks }] of refused.entries()) {
      const body = { claimId, encounterId, payer, remittanceId, line, group, reason, remarks: [...remarks], amount };
      const denial = await this.denials.add(tx, { businessKey: `${key}/${i}`, ...where, body }, at);
      if (!denial) continue;
      const denied: ClaimDenied = { denialId: denial.id, claimId, encounterId, payer, reason, amount, occurredAt };
      events.push({ ...subject, id: `${denial.id}/denied`, type: ClaimDenied.type, data: denied });
    }
    return events;
  }
}

/** What the payer said, without what we made of it. */
const said = ({ status: _, heldBecause: __, claims, ...rest }: KeptRemittance) => ({
  ...rest,
  claims: claims.map(({ matched: _, encounterId: __, ...claim }) => claim),
});

export const remittanceOf = ({ id, body, createdAt, changedAt }: Document<KeptRemittance>): Remittance => ({
  ...body,
  id,
  receivedAt: createdAt,
  changedAt,
});

function held({ id, amount }: Remittance, at: Date): NewEvent {
  const data: RemittanceHeld = { remittanceId: id, amount, occurredAt: at.toISOString() };
  const source = 'system/revenue-cycle';
  return { id: `${id}/held`, type: RemittanceHeld.type, source, subject: id, correlationId: id, time: at, data };
}
