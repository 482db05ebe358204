import type {
  Claim,
  ClaimLine,
  OtherPayerDecision,
  ClaimProvider,
  ClaimStatusEntry,
  Coding,
  Payer,
  PayerRule,
} from '@concord/canonical';
import type { ColumnType, Generated } from 'kysely';

/** The tables of `migrations.ts`. Lines live and die with their claim, so they lie in its row. */
export type RevenueCycleTables = {
  'sandbox_revenue_cycle.charge_item': {
    code: string;
    description: string;
    price: string;
    currency: string;
    service_line: string;
    hcpcs: string | null;
    revenue_code: string | null;
    changed_at: Date;
  };
  'sandbox_revenue_cycle.payer': {
    code: string;
    name: string;
    kind: Payer['kind'];
    expected_share: string;
    changed_at: Date;
  };
  'sandbox_revenue_cycle.payer_rule': {
    payer: string;
    claim_kind: PayerRule['claimKind'];
    electronic_id: string;
    timely_filing_days: number;
    most_lines: number;
    authorization_needed: string[];
    changed_at: Date;
  };
  'sandbox_revenue_cycle.claim': {
    sequence: Generated<number>;
    business_key: string;
    encounter_id: string;
    facility: string;
    payer: string;
    service_date: string;
    lines: ColumnType<ClaimLine[], string, never>;
    charge: string;
    expected: string;
    currency: string;
    status: Generated<Claim['status']>;
    kind: NonNullable<Claim['kind']>;
    diagnoses: ColumnType<Coding[] | null, string | null, never>;
    provider: ColumnType<ClaimProvider | null, string | null, never>;
    other_decisions: ColumnType<OtherPayerDecision[] | null, string | null, never>;
    payer_claim_number: string | null;
    /** Business key that voided it. */
    voided_by: string | null;
    void_reason: string | null;
    created_at: Date;
    changed_at: Date;
  };
  'sandbox_revenue_cycle.claim_history': {
    sequence: Generated<number>;
    claim: number;
    /** What said so, once: an acknowledgment, a remittance. */
    cause: string;
    status: Claim['status'];
    source: ClaimStatusEntry['source'];
    codes: ColumnType<string[], string, never>;
    detail: string | null;
    at: Date;
  };
  'sandbox_revenue_cycle.document': {
    sequence: Generated<number>;
    kind: DocumentKind;
    business_key: string;
    encounter_id: string | null;
    claim: string | null;
    payer: string | null;
    status: string | null;
    body: ColumnType<unknown, string, string>;
    /** What names a person, sealed. */
    sealed: Buffer | null;
    revision: Generated<number>;
    created_at: Date;
    changed_at: Date;
  };
};

export type DocumentKind =
  | 'account-charge'
  | 'coverage'
  | 'remittance'
  | 'settlement'
  | 'unmatched-payment'
  | 'denial'
  | 'adjustment'
  | 'adjustment-batch'
  | 'received-file';
