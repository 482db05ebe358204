import {
  money,
  type BalanceProof,
  type DocumentReference,
  type EncounterFinancials,
  type Freshness,
} from '@concord/canonical';
import type { Selectable } from 'kysely';
import type { EncounterRow } from '../encounters/encounters.tables.js';
import type { Financials, PostedEntry, RaisedClaim } from './financials.dto.js';

/** The page of one encounter out of its row and its proof. */
export function toFinancials(row: Selectable<EncounterRow>, proof: BalanceProof, freshness: Freshness): Financials {
  const { financials } = row;
  const { documents } = financials;
  const claim = documents.find(({ kind }) => kind === 'claim');
  return {
    ...financials,
    status: row.withdrawn_at ? 'withdrawn' : 'financed',
    financedAt: row.financed_at.toISOString(),
    withdrawnAt: row.withdrawn_at?.toISOString(),
    claim: claim && toClaim(claim, financials),
    journalEntries: documents.filter(({ kind }) => kind === 'journal-entry').map((entry) => toEntry(entry, financials)),
    margin: money(row.margin, row.currency),
    balanced: proof.balanced,
    proof,
    freshness,
  };
}

const toClaim = (claim: DocumentReference, { payer, gross, expected }: EncounterFinancials): RaisedClaim => ({
  id: claim.id,
  number: claim.number,
  payer,
  charge: gross,
  expected,
});

const toEntry = (
  entry: DocumentReference,
  { legalEntity, accountingDate, posting }: EncounterFinancials,
): PostedEntry => ({
  id: entry.id,
  number: entry.number,
  legalEntity,
  accountingDate,
  lines: posting,
});
