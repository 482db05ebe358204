import { randomUUID } from 'node:crypto';
import { money, type Claim, type NewClaim, type NewCoverage } from '@concord/canonical';
import type { RevenueCycleConnector } from '../../connector.js';

export interface RevenueCycleTarget {
  readonly connector: RevenueCycleConnector;
  /** A facility, a payer and a charge code that the target knows. */
  readonly facility: string;
  readonly payer: string;
  readonly chargeCode: string;
  /** What an encounter needs before the target takes a claim for it. */
  readonly ready?: (encounterId: string) => Promise<unknown>;
}

const COMMON_COLD = { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'J00' };
export const CHECK_UP = { system: 'http://snomed.info/sct', code: '185349003' };

/** A connector with what its target knows. */
export class UnderTest {
  constructor(private readonly target: RevenueCycleTarget) {}

  get connector(): RevenueCycleConnector {
    return this.target.connector;
  }

  get facility(): string {
    return this.target.facility;
  }

  get payer(): string {
    return this.target.payer;
  }

  get chargeCode(): string {
    return this.target.chargeCode;
  }

  /** A claim with a line for each amount, not raised yet. */
  async claim(...amounts: string[]): Promise<NewClaim> {
    const { facility, payer, chargeCode, ready } = this.target;
    const encounterId = randomUUID();
    await ready?.(encounterId);
    const lines = amounts.map((amount) => ({ chargeCode, service: CHECK_UP, quantity: '1', charge: money(amount) }));
    return { encounterId, facility, payer, serviceDate: '2026-03-02', lines, diagnoses: [COMMON_COLD] };
  }

  async raisedClaim(amount = '180.00'): Promise<Claim> {
    return this.connector.createClaim(randomUUID(), await this.claim(amount));
  }
}

/** A synthetic subscriber. */
export const coverageOf = (encounterId: string): NewCoverage => ({
  encounterId,
  payer: 'MEDICARE',
  memberId: 'W000000001',
  familyName: 'SYNTHETICA',
  givenName: 'TESTA',
  birthDate: '1970-01-01',
  gender: 'female',
  street: '1 SAMPLE ST',
  city: 'TESTVILLE',
  state: 'MI',
  zip: '489330000',
});
