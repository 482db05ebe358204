import type { Claim, ClaimLine, Payer } from '@concord/canonical';
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
  };
  'sandbox_revenue_cycle.payer': { code: string; name: string; kind: Payer['kind']; expected_share: string };
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
    /** Business key that voided it. */
    voided_by: string | null;
    void_reason: string | null;
    created_at: Date;
  };
};
